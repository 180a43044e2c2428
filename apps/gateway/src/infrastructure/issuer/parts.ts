import type { IncomingMessage } from 'node:http';
import { KeySource } from '@millrace/auth';
import type { Documents } from '@millrace/documents';
import type { Clock, Ids } from '@millrace/kernel';
import type { Bucket, KeyValue } from '@millrace/messaging';
import type { JSONWebKeySet } from 'jose';
import type { SignInTally } from '../../application/policies/limits/sign-in-tally';
import { Accounts } from './accounts/accounts';
import { Passwords } from './accounts/passwords';
import { seed, type FirstSignIn } from './accounts/seed';
import { SignInLinks } from './accounts/sign-in-links';
import { SignIns } from './accounts/sign-ins';
import { OpenSignIns } from './provider/open-sign-ins';
import { StoreAdapter } from './provider/store-adapter';
import { openSecrets, publicKeys, type IssuerSecrets } from './provider/issuer-secrets';
import { readRealm } from './realm/read-realm';
import type { Realm } from './realm/realm';

/** What the embedded issuer is made of. */
export interface EmbeddedIssuerOptions {
  /** `iss` of every token: where the gateway serves it, ending in `/realms/<realm>`. */
  readonly issuerUrl: string;
  /** Path of the realm file. */
  readonly realm: string;
  readonly keyValue: KeyValue;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whether somebody is trying things out: name and password by curl, and one password for every demo user. */
  readonly development: boolean;
  /** First password of the realm's users; made up when absent. */
  readonly password?: string | undefined;
  /** Cost of guessing a password, as a power of two; 15 when absent. */
  readonly passwordCost?: number | undefined;
  /** Path or address where whoever came by a sign-in link goes on; the console's sign-in when absent. */
  readonly afterLink?: string | undefined;
  /** Told of what went wrong on our side. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** What the parts of the issuer share. */
export interface IssuerParts {
  readonly issuerUrl: string;
  /** The path of `issuerUrl`. */
  readonly path: string;
  readonly development: boolean;
  readonly realm: Realm;
  readonly secrets: IssuerSecrets;
  readonly keys: KeySource;
  readonly accounts: Accounts;
  readonly signIns: SignIns;
  /** What counts who tries to sign in by a request that is under way. */
  readonly tallies: WeakMap<IncomingMessage, SignInTally>;
  readonly links: SignInLinks;
  readonly openSignIns: OpenSignIns;
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly firstSignIn: FirstSignIn | undefined;
}

/** Reads the realm, and makes keys and people at the first start. */
export async function openParts(options: EmbeddedIssuerOptions): Promise<IssuerParts> {
  const { issuerUrl, clock, development, ids, password } = options;
  const path = new URL(issuerUrl).pathname;
  const realm = await readRealm(options.realm, issuerUrl);
  const bucket = await options.keyValue.bucket('issuer');
  const accounts = await Accounts.open(options.documents);
  const passwords = new Passwords(options.passwordCost);
  const [secrets, firstSignIn] = await Promise.all([
    openSecrets(bucket, realm),
    seed(accounts, realm, { ids, passwords, password, everybody: development }),
  ]);
  const keys = new OwnKeys(secrets);
  const signIns = new SignIns(accounts, passwords, realm, clock);
  const links = new SignInLinks(bucket);
  const openSignIns = new OpenSignIns(bucket, new StoreAdapter('Session', bucket, clock));
  const tallies = new WeakMap<IncomingMessage, SignInTally>();
  const people = { accounts, signIns, tallies, links, openSignIns, firstSignIn };
  return { issuerUrl, path, development, realm, secrets, keys, ...people, bucket, clock };
}

/** The issuer's keys for verifiers in the same process. */
class OwnKeys extends KeySource {
  constructor(private readonly secrets: IssuerSecrets) {
    super();
  }

  override async keys(): Promise<JSONWebKeySet> {
    return publicKeys(this.secrets);
  }
}
