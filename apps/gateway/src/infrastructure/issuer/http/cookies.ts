import type { IncomingMessage, ServerResponse } from 'node:http';

/** The value of a cookie of the request. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** Sets a cookie for the issuer's own path that no script reads, for so many seconds; 0 removes it. */
export function setCookie(response: ServerResponse, cookie: { name: string; value: string; path: string; maxAge: number }): void {
  const { name, value, path, maxAge } = cookie;
  response.appendHeader('set-cookie', `${name}=${value}; Path=${path}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`);
}
