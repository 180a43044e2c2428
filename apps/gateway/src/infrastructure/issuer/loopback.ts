import { DomainError } from '@millrace/kernel';

/** Whether a host name or address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** Refuses to serve the embedded issuer on a host that others can reach, unless told to: `issuer.beyond_loopback`. */
export function assertLoopback(host: string, allowed = false): void {
  if (allowed || isLoopback(host)) return;
  throw new DomainError(
    'issuer.beyond_loopback',
    'invalid',
    `The embedded identity provider is for one machine and does not listen on "${host}". Listen on 127.0.0.1, or set up Keycloak with the realm in keycloak/.`,
    { facts: { host } },
  );
}
