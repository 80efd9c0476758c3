// One way to talk to the server: paths, bodies and answers are those of its own OpenAPI document, problems come as Problem.
// A path, a field or a body that the document does not have is refused by the compiler.

import { learn } from '../lib/time';
import { first } from './first';
import type { paths } from './schema';

/** RFC 9457 problem details as the server sends them. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly detail: string,
    readonly field: string,
  ) {
    super(detail);
  }

  /** The same act may be sent again with the same key: nothing is known of its effect, or it had none yet. */
  get again(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500;
  }
}

/** What a page shows when the network, not the server, failed. */
export const OFFLINE = 'offline';

/** What a page shows when the server took longer than anybody waits. */
export const SLOW = 'slow';

/** How long a page waits for an answer, in milliseconds. */
export const PATIENCE = 45_000;

/** Called when the server says that nobody is signed in any more. */
let whenSignedOut = () => {};
export function onSignedOut(call: () => void) {
  whenSignedOut = call;
}
const noticeSignedOut = () => whenSignedOut();

type Method = 'get' | 'post' | 'put' | 'delete';
type With<M extends Method> = { [P in keyof paths]: paths[P][M] extends undefined ? never : P }[keyof paths];
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M]>;
type Parameter<O, In extends 'path' | 'query'> = O extends { parameters: { [I in In]?: infer T } } ? T : never;

/** The body that an act sends. */
export type Body<P extends keyof paths, M extends Method = 'post'> =
  Operation<P, M> extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;

/** What the server answers. */
export type Answer<P extends keyof paths, M extends Method = 'get'> =
  Operation<P, M> extends { responses: { 200: { content: { 'application/json': infer A } } } } ? A : undefined;

// What a path or an act asks for: path parameters and a body are owed where the document has them, a query never is.
type Asked<O, P extends keyof paths, M extends Method> = (Parameter<O, 'path'> extends undefined ? unknown : { path: Parameter<O, 'path'> }) & {
  query?: Parameter<O, 'query'>;
} & ([Body<P, M>] extends [never] ? unknown : { body: Body<P, M> });
type Args<P extends keyof paths, M extends Method> = object extends Asked<Operation<P, M>, P, M> ? [asked?: Asked<Operation<P, M>, P, M>] : [asked: Asked<Operation<P, M>, P, M>];

interface Loose {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** Reads; the later question is the page's own business. */
export function get<P extends With<'get'>>(path: P, ...[asked]: Args<P, 'get'>) {
  return send('get', path, asked as Loose) as Promise<Answer<P, 'get'>>;
}

/** Does an act. The same key sent again has no second effect. */
export function post<P extends With<'post'>>(path: P, asked: Args<P, 'post'>[0], key = actKey()) {
  return send('post', path, asked as Loose, key) as Promise<Answer<P, 'post'>>;
}

/** Writes something anew; twice the same is as good as once. */
export function put<P extends With<'put'>>(path: P, asked: Args<P, 'put'>[0]) {
  return send('put', path, asked as Loose) as Promise<Answer<P, 'put'>>;
}

/** Takes something away. */
export function remove<P extends With<'delete'>>(path: P, ...[asked]: Args<P, 'delete'>) {
  return send('delete', path, asked as Loose) as Promise<Answer<P, 'delete'>>;
}

/** As many rows as one page of a list has. */
export const PAGE = 100;

/** Every row of a list, page after page, each behind the last row of the one before. */
export async function every<T extends { id: string }>(page: (after: string) => Promise<T[] | null>): Promise<T[]> {
  const all: T[] = [];
  for (let last = ''; ; last = all.at(-1)!.id) {
    const rows = (await page(last)) ?? [];
    all.push(...rows);
    if (rows.length < PAGE) return all;
  }
}

/** Sends an act that was written down earlier, to the address it was written down with. */
export function resend(path: string, body: unknown, key: string): Promise<unknown> {
  return send('post', path, { body }, key);
}

/** The parts of a form that carries a file. */
type Parts<P extends With<'post'>> = FormOf<Exclude<Operation<P, 'post'>, undefined>['requestBody']>;
type FormOf<R> = R extends { content: { 'multipart/form-data': infer F } } ? { [K in keyof F]: string | Blob } : never;
type WithFile = { [P in With<'post'>]: [Parts<P>] extends [never] ? never : P }[With<'post'>];

/** Sends a file up, with what is said of it. */
export function upload<P extends WithFile>(path: P, parts: Parts<P>, key = actKey()) {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) form.set(name, part as string | Blob);
  return send('post', path, { body: form }, key) as Promise<Answer<P, 'post'>>;
}

async function send(method: Method, path: string, asked: Loose = {}, key?: string): Promise<unknown> {
  const body = asked.body ?? (method === 'post' ? {} : undefined);
  const form = body instanceof FormData;
  const headers: Record<string, string> = { 'Accept-Language': document.documentElement.lang || 'zh-CN' };
  if (body && !form) headers['Content-Type'] = 'application/json'; // of a form the browser names the parts itself
  if (key) headers['Idempotency-Key'] = key;
  const url = address(path, asked);
  const { status, ok, data } = first.take(method, url) ?? await patient(url, { method: method.toUpperCase(), headers, body: form ? body : JSON.stringify(body) });
  if (ok) return data;
  if (status === 401 && path !== '/session' && path !== '/me') noticeSignedOut();
  throw problemOf(status, data);
}

/** The address of a path of the document. What says nothing is not asked: an empty filter is no filter. */
export function address(path: string, { path: parts, query }: Loose = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parts?.[name] ?? ''));
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== '' && value != null) pairs.set(name, String(value));
  const text = pairs.toString();
  return '/api' + filled + (text && '?' + text);
}

/** A fetch that gives up when nobody waits any more, and tells a slow server from a missing network. */
async function patient(url: string, init: RequestInit): Promise<{ status: number; ok: boolean; data: unknown }> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { ...init, credentials: 'same-origin', signal: patience.signal });
    learn(answer.headers.get('Date'));
    return { status: answer.status, ok: answer.ok, data: said(await answer.text(), answer.ok) };
  } catch {
    throw new Problem(0, patience.signal.aborted ? SLOW : OFFLINE, '', '');
  } finally {
    clearTimeout(timer);
  }
}

/** What an answer says. A good answer that is no JSON comes from something on the way, such as the sign-in page of a hotel's network. */
function said(text: string, good: boolean): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch (e) {
    if (good) throw e;
  }
}

function problemOf(status: number, error: unknown): Problem {
  const body = (error && typeof error === 'object' ? error : {}) as { type?: string; detail?: string; field?: string; errors?: { field?: string }[] | null };
  return new Problem(status, body.type ?? '', body.detail ?? '', body.field ?? body.errors?.[0]?.field ?? '');
}

/** A fresh key for one act of a person: a second click or a resend with the same key has no second effect. */
export function actKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
