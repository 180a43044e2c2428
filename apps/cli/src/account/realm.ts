import { isMap } from '../data/value';
import type { DataMap } from '../data/value';
import { Refused } from '../refused';

/** Where people sign in, as far as the device grant needs to know. */
export interface Realm {
  readonly deviceEndpoint: string;
  readonly tokenEndpoint: string;
}

/** Milliseconds that one answer may take. */
const PATIENCE = 10_000;

/** Finds the realm of the server at an address: the server names it, and the realm says the rest. Refuses when either does not. */
export async function realmOf(url: string): Promise<Realm> {
  const { authorization_servers: issuers } = await answerOf(`${url}/.well-known/oauth-protected-resource`);
  const issuer: unknown = Array.isArray(issuers) ? issuers[0] : undefined;
  if (typeof issuer !== 'string') {
    throw new Refused(
      'cli.not_a_server',
      'not-found',
      `At ${url} there is no Millrace, or an old one.`,
      'check the address; it has no path.',
    );
  }
  const found = await answerOf(`${issuer}/.well-known/openid-configuration`);
  const { device_authorization_endpoint: deviceEndpoint, token_endpoint: tokenEndpoint } = found;
  if (found['issuer'] !== issuer || typeof deviceEndpoint !== 'string' || typeof tokenEndpoint !== 'string') {
    throw new Refused(
      'cli.no_device_grant',
      'unavailable',
      `People sign in at ${issuer}, but not from a command line.`,
      'make a personal token there, and hand it over: millrace login URL --token-stdin',
    );
  }
  return { deviceEndpoint, tokenEndpoint };
}

/** What an address answers, asked with a form when there is one; `{}` when that is no JSON. Refuses when nobody answers. */
export async function answerOf(address: string, form?: Readonly<Record<string, string>>): Promise<DataMap> {
  const asked = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  try {
    const response = await fetch(address, { ...asked, headers: { accept: 'application/json' }, signal: AbortSignal.timeout(PATIENCE) });
    const answer: unknown = await response.json();
    return isMap(answer) ? answer : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw new Refused(
      'cli.server_unreachable',
      'unavailable',
      `Nobody answers at ${new URL(address).origin}.`,
      'check the address, and that Millrace runs there.',
    );
  }
}
