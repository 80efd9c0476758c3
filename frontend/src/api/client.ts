// Asks the server without the document's types. Pages move to server.ts, which has them; this goes with the last one.

import { actKey, noticeSignedOut, OFFLINE, PATIENCE, Problem, SLOW } from './server';

export { actKey, OFFLINE, onSignedOut, Problem, SLOW } from './server';

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
    if (answer.status === 401 && path !== '/session' && path !== '/me') noticeSignedOut();
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
