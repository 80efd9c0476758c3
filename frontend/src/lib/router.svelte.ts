// A small History-API router: a table of patterns, one current match, links that don't reload.

import type { Component } from 'svelte';
import type { Group, Key } from './i18n.svelte';

export type Params = Record<string, string>;

/** A route: its pattern ("/trips/:id") and the page behind it, loaded when first visited. */
export interface Route {
  pattern: string;
  /** What the window is called beside the product's name; the front page has that alone. */
  title?: Key;
  /** The words the page needs beside those of the frame; those of all pages come with them. */
  words?: Group;
  load: () => Promise<{ default: Component<any> }>;
}

/** Matches a path against a pattern; gives the named parts, or null. */
export function match(pattern: string, path: string): Params | null {
  const want = pattern.split('/');
  const have = path.replace(/\/+$/, '').split('/');
  if (want.length !== Math.max(have.length, 2) && !(pattern === '/' && have.length === 1)) return null;
  if (pattern === '/') return path === '/' || path === '' ? {} : null;
  const params: Params = {};
  for (let i = 0; i < want.length; i++) {
    const part = want[i]!;
    const value = have[i] ?? '';
    if (part.startsWith(':')) {
      if (!value) return null;
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    } else if (part !== value) return null;
  }
  return params;
}

class Location {
  path = $state(typeof location === 'undefined' ? '/' : location.pathname);
  query = $state(typeof location === 'undefined' ? '' : location.search);

  constructor() {
    if (typeof window === 'undefined') return;
    addEventListener('popstate', () => this.read());
    document.addEventListener('click', (event) => this.follow(event));
  }

  private read() {
    this.path = location.pathname;
    this.query = location.search;
  }

  private follow(event: MouseEvent) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element | null)?.closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/') || link.pathname === '/openapi.json') return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname + link.search);
  }

  visit(url: string, replace = false) {
    if (replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    this.read();
    if (!replace) scrollTo(0, 0);
  }
}

/** The place in the product that is shown now. */
export const here = new Location();

/** Goes to a page of the product. */
export function go(url: string, replace = false) {
  here.visit(url, replace);
}

/** The query of the present address as a map. */
export function query(): URLSearchParams {
  return new URLSearchParams(here.query);
}

/** The row behind which the address asks for rows of a list; undefined: from its beginning. */
export const after = () => query().get('after') ?? undefined;

/** The present address behind another row of its list; without one from the list's beginning. */
export function from(row?: string): string {
  const asked = query();
  asked.delete('after');
  if (row) asked.set('after', row);
  return here.path + (String(asked) && '?' + asked);
}
