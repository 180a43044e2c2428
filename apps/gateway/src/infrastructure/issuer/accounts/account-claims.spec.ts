import { describe, expect, it } from '@jest/globals';
import { RealmFile } from '../realm/realm';
import { NO_FAILURES, type Account } from './account';
import { accountClaims, clientClaims } from './account-claims';

const realm = RealmFile.parse({ realm: 'millrace', clients: [{ clientId: 'app' }] });
const bare: Account = {
  id: 'usr_ada',
  username: 'ada',
  enabled: true,
  emailVerified: false,
  attributes: {},
  roles: [],
  groups: [],
  attempts: NO_FAILURES,
};

describe('claims', () => {
  const [client] = realm.clients;
  if (client === undefined) throw new Error('no client');

  it('say what is known of a person, and nothing that is not', () => {
    expect(accountClaims(realm, client, bare, 'id')).toEqual({ preferred_username: 'ada' });
    expect(accountClaims(realm, client, { ...bare, lastName: 'Miller', email: 'a@millrace.example' }, 'id')).toEqual({
      preferred_username: 'ada',
      name: 'Miller',
      family_name: 'Miller',
      email: 'a@millrace.example',
      email_verified: false,
    });
  });

  it('name the client that comes by itself', () => {
    expect(clientClaims(realm, client)).toEqual({ preferred_username: 'service-account-app' });
  });
});
