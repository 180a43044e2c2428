import type { MillraceClient } from '@millrace/client';
import { temporaryFolder } from './folders';
import { passwordToken, realmOf, signedIn } from './sign-in';
import { startStandaloneProcess } from './standalone-process';

const PASSWORD = 'a-password-for-tests';

/** A Millrace that a journey goes through: by its public door only. */
export interface MillraceUnderTest {
  readonly url: string;
  /** A client, signed in as one of the realm's people. */
  as(username: string): Promise<MillraceClient>;
  /** The access token of one of the realm's people, for what is sent without the client. */
  token(username: string): Promise<string>;
  /** Ends it if it was started for this journey. */
  stop(): Promise<void>;
}

/**
 * The Millrace at `MILLRACE_URL`, whose people sign in at `MILLRACE_ISSUER_URL` with `MILLRACE_FIRST_PASSWORD`; without that variable a
 * standalone of its own. A journey cannot tell which.
 */
export async function millraceUnderTest(): Promise<MillraceUnderTest> {
  const { MILLRACE_URL: url, MILLRACE_ISSUER_URL: issuer, MILLRACE_FIRST_PASSWORD: password = PASSWORD } = process.env;
  if (url !== undefined && url !== '') {
    return {
      url,
      as: (username) => signedIn(url, username, password, issuer),
      token: (username) => passwordToken(issuer ?? realmOf(url), username, password),
      stop: () => Promise.resolve(),
    };
  }
  const folder = temporaryFolder();
  const standalone = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
  return {
    url: standalone.url,
    as: (username) => signedIn(standalone.url, username, PASSWORD),
    token: (username) => passwordToken(realmOf(standalone.url), username, PASSWORD),
    stop: async () => {
      await standalone.stop();
      folder[Symbol.dispose]();
    },
  };
}
