import type { JsonMap } from './json';

export const PRINCIPAL_KINDS = ['user', 'key', 'automation', 'service', 'worker', 'anonymous'] as const;

export type PrincipalKind = (typeof PRINCIPAL_KINDS)[number];

/** Who is asking. Made by the gateway from a credential (or by a service for itself), carried signed on every call. */
export interface Principal {
  readonly kind: PrincipalKind;
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  /** Whether the identity provider has verified `email`. */
  readonly verified?: boolean;
  /** Platform roles (`platform-admin` …), not workspace roles. */
  readonly roles: readonly string[];
  /** Groups at the identity provider, by their full path. Absent: it did not say; empty: none. */
  readonly groups?: readonly string[];
  /** What else the identity provider said, as far as the platform passes it on: rules and roles may speak of it. */
  readonly claims?: JsonMap;
  readonly session?: string;
  /** What the credential may be used for, as `<action>:<subject>`, either of them `*`; absent: whatever the principal may do. */
  readonly scopes?: readonly string[];
  /** Ids of the only workspaces the credential is for; absent: wherever the principal may go. */
  readonly workspaces?: readonly string[];
  /** The one workspace this principal belongs to (a key, an automation); absent for people. */
  readonly workspace?: string;
  /** The principal an automation acts for. */
  readonly onBehalfOf?: string;
}

/** The principal of a request without a credential: reaches only what is public. */
export const ANONYMOUS: Principal = Object.freeze({ kind: 'anonymous', id: 'anonymous', roles: [] });

/** The principal a service uses for its own work. */
export function servicePrincipal(service: string): Principal {
  return { kind: 'service', id: service, roles: [] };
}
