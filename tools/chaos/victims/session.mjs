import { MillraceClient } from '@millrace/client';
import { passwordToken } from '@millrace/testing';

/** Milliseconds after which somebody signs in anew: tokens last some minutes. */
const SIGNED_IN = 60_000;

/** Somebody who stays signed in for longer than a token lasts, also while there is just nobody to sign in at. */
export class Session {
  /** @type {{ token: Promise<string>, at: number } | undefined} */
  known = undefined;

  /** @param {{ url: string, issuer: string, password: string }} where */
  constructor(where) {
    this.where = where;
  }

  /** A token that is good for some minutes more. */
  token() {
    if (this.known === undefined || performance.now() - this.known.at > SIGNED_IN) {
      const { issuer, password } = this.where;
      const token = passwordToken(issuer, 'ada', password);
      const known = { token, at: performance.now() };
      this.known = known;
      token.catch(() => {
        if (this.known === known) this.known = undefined;
      });
    }
    return this.known.token;
  }

  /** A client that is signed in. */
  async client() {
    const token = await this.token();
    return new MillraceClient({ url: this.where.url, token: () => token });
  }
}
