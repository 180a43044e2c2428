import { mappedClaims, type Claims, type Place } from '../realm/mapped-claims';
import type { Realm, RealmClient } from '../realm/realm';
import type { Account } from './account';

/** What tokens say of a person: the standard claims of `profile` and `email`, and what the client's mappers add. */
export function accountClaims(realm: Realm, client: RealmClient, account: Account, place: Place): Claims {
  const { username, firstName, lastName, email, emailVerified } = account;
  const name = [firstName, lastName].filter((part) => part !== undefined).join(' ');
  return {
    preferred_username: username,
    ...(name === '' ? {} : { name }),
    ...(firstName === undefined ? {} : { given_name: firstName }),
    ...(lastName === undefined ? {} : { family_name: lastName }),
    ...(email === undefined ? {} : { email, email_verified: emailVerified }),
    ...mappedClaims(realm, client, account, place),
  };
}

/** What tokens say of a client that comes with its own credentials, as Keycloak has it. */
export function clientClaims(realm: Realm, client: RealmClient): Claims {
  const user = realm.users.find(({ serviceAccountClientId }) => serviceAccountClientId === client.clientId);
  const subject = { roles: user?.realmRoles ?? [], groups: user?.groups ?? [], attributes: user?.attributes ?? {} };
  return { preferred_username: `service-account-${client.clientId}`, ...mappedClaims(realm, client, subject, 'access') };
}
