import { z } from 'zod';

const seconds = z.number().int().positive();
const texts = z.array(z.string()).default([]);
const flag = z.boolean().default(false);

const Mapper = z.object({ protocolMapper: z.string(), config: z.record(z.string(), z.string()).default({}) });

const Client = z.object({
  clientId: z.string().min(1),
  name: z.string().optional(),
  enabled: z.boolean().default(true),
  publicClient: flag,
  bearerOnly: flag,
  standardFlowEnabled: z.boolean().default(true),
  serviceAccountsEnabled: flag,
  fullScopeAllowed: z.boolean().default(true),
  redirectUris: texts,
  webOrigins: texts,
  attributes: z.record(z.string(), z.string()).default({}),
  protocolMappers: z.array(Mapper).default([]),
});

const User = z.object({
  username: z.string().min(1),
  enabled: z.boolean().default(true),
  email: z.string().optional(),
  emailVerified: flag,
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  realmRoles: texts,
  groups: texts,
  serviceAccountClientId: z.string().optional(),
});

const Role = z.object({ name: z.string(), composites: z.object({ realm: texts }).optional() });

/**
 * What the embedded issuer takes from the realm file. The rest of it is Keycloak's own, and left aside. Defaults are Keycloak's.
 */
export const RealmFile = z.object({
  realm: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and dashes'),
  displayName: z.string().optional(),
  accessTokenLifespan: seconds.default(300),
  accessCodeLifespan: seconds.default(60),
  accessCodeLifespanLogin: seconds.default(1_800),
  oauth2DeviceCodeLifespan: seconds.default(600),
  ssoSessionIdleTimeout: seconds.default(1_800),
  ssoSessionMaxLifespan: seconds.default(36_000),
  revokeRefreshToken: flag,
  failureFactor: z.number().int().positive().default(30),
  waitIncrementSeconds: seconds.default(60),
  maxFailureWaitSeconds: seconds.default(900),
  maxDeltaTimeSeconds: seconds.default(43_200),
  roles: z.object({ realm: z.array(Role).default([]) }).default({ realm: [] }),
  clients: z.array(Client).default([]),
  scopeMappings: z.array(z.object({ client: z.string().optional(), roles: texts })).default([]),
  users: z.array(User).default([]),
});

export type Realm = z.infer<typeof RealmFile>;
export type RealmClient = z.infer<typeof Client>;
export type RealmUser = z.infer<typeof User>;

/** The client of this name, if the realm has it and it is on. */
export function findClient(realm: Realm, clientId: string | undefined): RealmClient | undefined {
  return realm.clients.find((client) => client.enabled && client.clientId === clientId);
}

/** The roles, and those they are composed of. */
export function withComposites(realm: Realm, names: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(realm.roles.realm.find((role) => role.name === name)?.composites?.realm ?? []));
  }
  return [...found].sort();
}

/** The roles of the person that this client may hear of. */
export function rolesInScope(realm: Realm, client: RealmClient, roles: readonly string[]): readonly string[] {
  if (client.fullScopeAllowed) return roles;
  const scope = realm.scopeMappings.filter((mapping) => mapping.client === client.clientId).flatMap((mapping) => mapping.roles);
  return roles.filter((role) => scope.includes(role));
}
