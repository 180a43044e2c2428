/** What a browser shows after following redirects. */
export interface Shown {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** As much of a browser as signing in takes: cookies by path, redirects, forms. It stops at origins it was not told of: nobody of ours listens there. */
export class FormBrowser {
  private readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** `origins`: where it goes on to from elsewhere; on the way through one origin it needs to know none. */
  constructor(private readonly origins: readonly string[] = []) {}

  /** Opens an address, following at most so many redirects. */
  async open(url: string, redirects = 10): Promise<Shown> {
    return this.follow(url, {}, redirects);
  }

  /** Fills in the form of a page and sends it; `fields` may name a button. */
  async submit(page: Shown, fields: Readonly<Record<string, string>>): Promise<Shown> {
    const form = /<form[^>]*>/.exec(page.text)?.[0] ?? '';
    const action = /action="([^"]*)"/.exec(form)?.[1]?.replaceAll('&amp;', '&') ?? page.url;
    const body = new URLSearchParams();
    for (const [, name = '', value = ''] of page.text.matchAll(/<input type="hidden"[^>]*? name="([^"]*)"[^>]*? value="([^"]*)"/g))
      body.set(name, value);
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.follow(new URL(action, page.url).href, { method: 'POST', body }, 10);
  }

  /** Asks as a page of a script would: with the cookies, following nothing. */
  async send(
    url: string,
    request: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const answer = await fetch(url, { ...request, redirect: 'manual', headers: { cookie: this.cookiesFor(url), ...request.headers } });
    for (const cookie of answer.headers.getSetCookie()) this.keep(cookie);
    return answer;
  }

  /** Puts a cookie of the whole address there, as somebody who got at the browser would. */
  hold(name: string, value: string): void {
    this.cookies.set(`/ ${name}`, { value, path: '/' });
  }

  /** The value of a cookie of the whole address. */
  held(name: string): string | undefined {
    return this.cookies.get(`/ ${name}`)?.value;
  }

  private async follow(url: string, request: RequestInit, redirects: number): Promise<Shown> {
    const answer = await fetch(url, { ...request, redirect: 'manual', headers: { accept: 'text/html', cookie: this.cookiesFor(url) } });
    for (const cookie of answer.headers.getSetCookie()) this.keep(cookie);
    const location = answer.headers.get('location');
    const next = location === null ? undefined : new URL(location, url);
    const { status, headers } = answer;
    if (next === undefined || redirects === 0) return { url, status, headers, text: await answer.text() };
    if (next.origin !== new URL(url).origin && !this.origins.includes(next.origin)) return { url: next.href, status, headers, text: '' };
    return this.follow(next.href, {}, redirects - 1);
  }

  private cookiesFor(url: string): string {
    const { pathname } = new URL(url);
    const sent = [...this.cookies].filter(([, { path }]) => pathname.startsWith(path));
    return sent.map(([name, { value }]) => `${name.replace(/^.* /, '')}=${value}`).join('; ');
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (value === '' || attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.cookies.delete(`${path} ${name}`);
    else this.cookies.set(`${path} ${name}`, { value, path });
  }
}
