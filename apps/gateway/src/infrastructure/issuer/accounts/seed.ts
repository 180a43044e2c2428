import type { Ids } from '@millrace/kernel';
import { withComposites, type Realm, type RealmUser } from '../realm/realm';
import { NO_FAILURES, type Account } from './account';
import type { Accounts } from './accounts';
import { newPassword, type Passwords } from './passwords';

const ADMINISTRATOR = 'platform-admin';

/** How the first person gets in, with a password that was made up: whoever chose one knows it, and need not find it in a log. */
export interface FirstSignIn {
  readonly username: string;
  readonly password: string;
}

/** What to make of the realm's users. */
export interface Seeding {
  readonly ids: Ids;
  readonly passwords: Passwords;
  /** The first password; made up when absent. */
  readonly password?: string | undefined;
  /** Whether every user of the realm gets the password, or the first administrator alone. */
  readonly everybody: boolean;
}

/** Puts the realm's users there if nobody is. Undefined when somebody is, and when there is no password to tell. */
export async function seed(accounts: Accounts, realm: Realm, seeding: Seeding): Promise<FirstSignIn | undefined> {
  if (!(await accounts.isEmpty())) return undefined;
  const password = seeding.password ?? newPassword();
  const people = peopleOf(realm);
  const first = firstOf(realm);
  await Promise.all(
    people.map(async (user) => {
      const hash = seeding.everybody || user === first ? await seeding.passwords.hash(password) : undefined;
      await accounts.add(accountOf(user, realm, seeding.ids, hash));
    }),
  );
  return first === undefined || seeding.password !== undefined ? undefined : { username: first.username, password };
}

/** The first administrator of the realm file, else its first person. */
export function firstOf(realm: Realm): RealmUser | undefined {
  const people = peopleOf(realm);
  return people.find((user) => user.realmRoles.includes(ADMINISTRATOR)) ?? people[0];
}

function peopleOf(realm: Realm): readonly RealmUser[] {
  return realm.users.filter((user) => user.serviceAccountClientId === undefined);
}

function accountOf(user: RealmUser, realm: Realm, ids: Ids, password: string | undefined): Account {
  const { username, enabled, email, emailVerified, firstName, lastName, attributes, groups } = user;
  return {
    id: ids.derive('usr', realm.realm, username),
    username: username.toLowerCase(),
    enabled,
    emailVerified,
    attributes,
    roles: withComposites(realm, user.realmRoles),
    groups,
    attempts: NO_FAILURES,
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
    ...(password === undefined ? {} : { password }),
  };
}
