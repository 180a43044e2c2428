import type { IncomingMessage, ServerResponse } from 'node:http';

/** The value of a cookie of the request. */
export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = pair.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** Sets a cookie for an address and what is below it, for so many seconds; 0 removes it. No script reads it. */
export function setCookie(response: ServerResponse, cookie: { name: string; value: string; url: string; maxAge: number }): void {
  const { name, value, url, maxAge } = cookie;
  const { pathname, protocol } = new URL(url);
  const secure = protocol === 'https:' ? '; Secure' : '';
  response.appendHeader('set-cookie', `${name}=${value}; Path=${pathname}; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`);
}
