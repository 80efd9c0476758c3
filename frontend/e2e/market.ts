// A market of its own for every test: the real server on a fresh copy of the demonstration, stopped at a step of the story.
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Locator, type Page } from '@playwright/test';

/** Moments of the story: its last step, the clock there, and what stands then. */
export const moments = {
  /** The cooperatives have lots and offers, the hospitals' needs are verified, nobody has ordered. */
  listed: { step: 3, at: '2020-02-02T09:00:00+08:00' },
  /** Two gift orders wait for their sellers. */
  ordered: { step: 5, at: '2020-02-02T12:00:00+08:00' },
  /** Orders are confirmed and paid, goods wait for trucks. */
  paid: { step: 6, at: '2020-02-02T15:00:00+08:00' },
  /** Three trips are confirmed, nothing is loaded. */
  planned: { step: 9, at: '2020-02-03T14:00:00+08:00' },
  /** Three trucks are on the road. */
  underway: { step: 11, at: '2020-02-04T15:00:00+08:00' },
  /** Everything is delivered and signed for at the door, nothing is settled; who received can still claim. */
  delivered: { step: 15, at: '2020-02-05T20:00:00+08:00' },
  /** Everything is delivered, settled and reported. */
  told: { step: 18, at: '2020-02-07T10:00:00+08:00' },
} as const;
export type Moment = keyof typeof moments;

/** The folder that globalSetup filled for a moment. */
export const folderOf = (moment: Moment) => join(process.env.JISHI_STORIES!, moment);

export interface Market {
  url: string;
  /** The day of the story, as every request says it. */
  at: string;
  /** Asks the server as somebody, without the browser: to build or to look at what a test needs. */
  ask: (login: string, method: string, path: string, body?: unknown) => Promise<any>;
  stop: () => Promise<void>;
}

const bin = join(import.meta.dirname, '../../bin/jishi');

/** Serves a copy of a folder on a free loopback port. */
export async function open(moment: Moment): Promise<Market> {
  const data = mkdtempSync(join(tmpdir(), 'jishi-market-'));
  cpSync(folderOf(moment), data, { recursive: true });
  const server = spawn(bin, ['serve', '--demo', '--day', moments[moment].at, '--data', data, '--addr', '127.0.0.1:0', '--webhooks-anywhere'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (part) => {
      said += part;
      const found = /open: (http\S+)/.exec(said);
      if (found) resolve(found[1]!);
    });
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const { at } = moments[moment];
  const tokens = new Map<string, string>();
  const call = async (method: string, path: string, body: unknown, headers: Record<string, string>) => {
    const answer = await fetch(url + '/api' + path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'X-Jishi-Clock': at, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), ...headers },
    });
    const said = await answer.json().catch(() => null);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said?.detail}`);
    return said;
  };
  return {
    url, at,
    ask: async (login, method, path, body) => {
      if (!tokens.has(login)) tokens.set(login, (await call('POST', '/session', { login, password: 'jishi-demo' }, {})).token);
      return call(method, path, body, { Authorization: 'Bearer ' + tokens.get(login) });
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.on('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Whom somebody acts for, in a role where one is named. */
export const grantOf = async (market: Market, login: string, role = ''): Promise<{ party: string; party_name: string }> =>
  (await market.ask(login, 'GET', '/me')).grants.find((g: any) => g.party && (!role || g.role === role));
export const partyOf = async (market: Market, login: string, role = '') => (await grantOf(market, login, role)).party;

/** A line of an order: so much of an offer as it is now. */
export const lineOf = async (market: Market, offer: string, weight: string) => ({ offer, version: (await market.ask('firm', 'GET', '/offers/' + offer)).version, weight });

/** Where a page is, or how to find it in a market. */
export type Address = string | ((market: Market) => Promise<string>);

/** The page of the first thing in a list, as somebody sees the list. */
export const first = (login: string, list: string, page: (x: any) => string, which: (x: any) => boolean = () => true): Address => async (market) =>
  page((await market.ask(login, 'GET', list)).find(which));

export const pathOf = async (address: Address, market: Market) => (typeof address === 'string' ? address : await address(market));

interface Own {
  moment: Moment;
  lang: 'zh-CN' | 'en';
  market: Market;
  /** Signs in as one of the story's people. */
  as: (login: string) => Promise<void>;
}

export const test = base.extend<Own>({
  moment: ['told', { option: true }],
  lang: ['zh-CN', { option: true }],
  market: async ({ moment }, use) => {
    const market = await open(moment);
    await use(market);
    await market.stop();
  },
  baseURL: async ({ market }, use) => use(market.url),
  extraHTTPHeaders: async ({ moment }, use) => use({ 'X-Jishi-Clock': moments[moment].at }),
  // The phone's clock agrees with the story's, unless a test sets it elsewhere.
  page: async ({ page, moment, lang }, use) => {
    await page.clock.setSystemTime(new Date(moments[moment].at));
    await page.addInitScript((l) => localStorage.getItem('lang') ?? localStorage.setItem('lang', l), lang);
    await use(page);
  },
  as: async ({ page, lang }, use) => {
    await use(async (login) => {
      const answer = await page.request.post('/api/session', { data: { login, password: 'jishi-demo' }, headers: { 'Accept-Language': lang } });
      if (!answer.ok()) throw new Error(`${login} can't sign in: ${answer.status()}`);
    });
  },
});

export { expect } from '@playwright/test';
export type { Locator, Page };
