// One way to talk to the server: JSON in, JSON out, problems as Problem.

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
const PATIENCE = 45_000;

/** Called when the server says that nobody is signed in any more. */
let whenSignedOut = () => {};
export function onSignedOut(call: () => void) {
  whenSignedOut = call;
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = await answer.json().catch(() => ({}));

  const field = body.field ?? body.errors?.[0]?.field ?? '';
  return new Problem(answer.status, body.type ?? '', body.detail ?? '', field);
}

async function send<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': document.documentElement.lang || 'zh-CN' };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch('/api' + path, {
      method,
      headers,
      body: body === undefined || form ? (body as FormData | undefined) : JSON.stringify(body),
      credentials: 'same-origin',
      signal: patience.signal,
    });
    if (answer.status === 401 && path !== '/session' && path !== '/me') whenSignedOut();
    if (!answer.ok) throw await problemOf(answer);
    if (answer.status === 204) return undefined as T;
    return (await answer.json()) as T;
  } catch (e) {
    if (e instanceof Problem) throw e;
    throw new Problem(0, patience.signal.aborted ? SLOW : OFFLINE, '', '');
  } finally {
    clearTimeout(timer);
  }
}

/** A fresh key for one act of a person: a second click or a resend with the same key has no second effect. */
export function actKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** A query string of the pairs that say something. */
export function queryOf(pairs: Record<string, string | number | undefined | null>): string {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(pairs)) if (value !== undefined && value !== null && value !== '') out.set(name, String(value));
  const text = out.toString();
  return text && '?' + text;
}

export const get = <T>(path: string) => send<T>('GET', path);
export const post = <T>(path: string, body: unknown = {}, key = actKey()) => send<T>('POST', path, body, key);
export const remove = <T>(path: string) => send<T>('DELETE', path);
