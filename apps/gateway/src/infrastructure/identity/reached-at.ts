import type { CustomFetch } from 'openid-client';

/** `fetch`, as openid-client has it called. */
export const plainFetch: CustomFetch = (url, { duplex: _, ...request }) => fetch(url, request as RequestInit);

/**
 * Asks a provider that this machine reaches at another origin than browsers do, such as the name of a container; the way to it is all that
 * differs. Undefined where both are the same.
 */
export function reachedAt(origin: string, issuer: string): CustomFetch | undefined {
  const shown = new URL(issuer).origin;
  if (origin === shown) return undefined;
  return (url, request) => plainFetch(url.startsWith(`${shown}/`) ? origin + url.slice(shown.length) : url, request);
}
