import { rolesInScope, type Realm, type RealmClient } from './realm';

/** What claims are made of. */
export interface Subject {
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}

/** Where a claim can stand. */
export type Place = 'access' | 'id' | 'userinfo';

export type Claims = Readonly<Record<string, unknown>>;

type Config = Readonly<Record<string, string>>;

/** The claims that the mappers of the client make of a person, for one kind of token. Mappers of kinds not known here make none. */
export function mappedClaims(realm: Realm, client: RealmClient, subject: Subject, place: Place): Claims {
  const roles = rolesInScope(realm, client, subject.roles);
  return client.protocolMappers
    .filter(({ config }) => config[`${place}.token.claim`] === 'true')
    .reduce<Claims>((claims, { protocolMapper, config }) => {
      const value = valueOf(protocolMapper, config, { ...subject, roles });
      const path = config['claim.name'];
      return value === undefined || path === undefined ? claims : withClaim(claims, path.split('.'), value);
    }, {});
}

/** The names of the claims that mappers of any client make. */
export function mappedNames(realm: Realm): readonly string[] {
  const names = realm.clients.flatMap((client) => client.protocolMappers).map(({ config }) => config['claim.name']?.split('.', 1)[0]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** The audience that the client's access tokens are for; undefined when it has none and so gets none. */
export function audienceOf(client: RealmClient): string | undefined {
  const mapper = client.protocolMappers.find(({ protocolMapper }) => protocolMapper === 'oidc-audience-mapper');
  return mapper?.config['included.client.audience'];
}

function valueOf(kind: string, config: Config, subject: Subject): unknown {
  switch (kind) {
    case 'oidc-usermodel-realm-role-mapper':
      return unlessEmpty(subject.roles);
    case 'oidc-group-membership-mapper':
      return unlessEmpty(config['full.path'] === 'true' ? subject.groups : subject.groups.map((group) => group.replace(/^.*\//, '')));
    case 'oidc-usermodel-attribute-mapper':
      return subject.attributes[config['user.attribute'] ?? '']?.[0];
    default:
      return undefined;
  }
}

function unlessEmpty(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

function withClaim(claims: Claims, [name = '', ...rest]: readonly string[], value: unknown): Claims {
  return { ...claims, [name]: rest.length === 0 ? value : withClaim((claims[name] ?? {}) as Claims, rest, value) };
}
