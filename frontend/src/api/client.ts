// One way to talk to the server: JSON in, JSON out, problems as Problem. Types come from schema.d.ts.

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
}

/** What a page shows when the network, not the server, failed. */
export const OFFLINE = 'offline';

function lang(): string {
  return document.documentElement.lang || 'zh-CN';
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = await answer.json().catch(() => ({}));
  return new Problem(answer.status, body.type ?? '', body.detail ?? body.title ?? answer.statusText, body.field ?? '');
}

async function send<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': lang() };
  if (body !== undefined && !(body instanceof FormData)) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  let answer: Response;
  try {
    answer = await fetch('/api' + path, {
      method,
      headers,
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
      credentials: 'same-origin',
    });
  } catch {
    throw new Problem(0, OFFLINE, '', '');
  }
  if (!answer.ok) throw await problemOf(answer);
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

/** A fresh key for one act of a person: a second click or a resend with the same key has no second effect. */
export function actKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export const get = <T>(path: string) => send<T>('GET', path);
export const post = <T>(path: string, body: unknown = {}, key = actKey()) => send<T>('POST', path, body, key);
export const remove = <T>(path: string) => send<T>('DELETE', path);
