import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { html, type Html } from './html';
import { STYLE } from './style';

/** A page of the issuer. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** 200 when absent. */
  readonly status?: number;
  /** Addresses that a form of the page may end at by redirects; its own origin may be left out. */
  readonly leadsTo?: readonly string[];
}

/** Answers with the page. It may load nothing, run nothing and be framed by nobody. */
export function send(response: ServerResponse, page: Page): void {
  const { headers, body } = rendered(page);
  response.writeHead(page.status ?? 200, headers).end(body);
}

/** As `send`, inside the provider. */
export function show(ctx: KoaContextWithOIDC, page: Page): void {
  const { headers, body } = rendered(page);
  ctx.status = page.status ?? 200;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  ctx.body = body;
}

function rendered({ title, body, leadsTo = [] }: Page): { headers: OutgoingHttpHeaders & Record<string, string>; body: string } {
  const nonce = randomBytes(16).toString('base64');
  const targets = ["'self'", ...leadsTo.map(sourceOf)].join(' ');
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${targets}; base-uri 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
    body: html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title} · Millrace</title>
          <style nonce="${nonce}">
            ${STYLE}
          </style>
        </head>
        <body>
          <main>
            <p class="brand">Millrace</p>
            <h1>${title}</h1>
            ${body}
          </main>
        </body>
      </html> `.text,
  };
}

/** The origin of a web address; the scheme of an app's. */
function sourceOf(address: string): string {
  const { protocol, origin } = new URL(address);
  return /^https?:$/.test(protocol) ? origin : protocol;
}
