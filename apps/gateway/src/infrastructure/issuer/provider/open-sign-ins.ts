import type { Bucket } from '@millrace/messaging';
import { digest } from './digest';
import { accountPrefix, grantPrefix, type StoreAdapter } from './store-adapter';

/** What is kept of a browser in which somebody is signed in, as far as it matters here. */
interface KeptSession {
  readonly accountId?: string;
  readonly authorizations?: Readonly<Record<string, { readonly grantId?: string }>>;
}

/** Ends sign-ins without the browser they were made in: with them go their grants, and all tokens that came of these. */
export class OpenSignIns {
  constructor(
    private readonly bucket: Bucket,
    private readonly sessions: StoreAdapter,
  ) {}

  /** Ends all sign-ins of a person. */
  async endAll(accountId: string): Promise<void> {
    const prefix = accountPrefix(accountId);
    for (const { key } of await this.bucket.list(prefix)) {
      const kept = key.slice(prefix.length);
      if (kept.startsWith('Grant/')) await this.endGrant(kept.slice('Grant/'.length));
      await this.bucket.delete(kept);
      await this.bucket.delete(key);
    }
  }

  /** Ends one, by the name that tokens have for it (`sid`). */
  async end(signIn: string): Promise<void> {
    // Tokens that came without a browser name their grant.
    await this.endGrant(digest(signIn));
    const session = await this.sessions.findByUid(signIn);
    if (session?.jti === undefined) return;
    const { authorizations = {} } = session as KeptSession;
    for (const { grantId } of Object.values(authorizations)) if (grantId !== undefined) await this.endGrant(digest(grantId));
    await this.sessions.destroy(session.jti);
  }

  private async endGrant(grant: string): Promise<void> {
    const prefix = grantPrefix(grant);
    for (const { key } of await this.bucket.list(prefix)) {
      await this.bucket.delete(key.slice(prefix.length));
      await this.bucket.delete(key);
    }
    await this.bucket.delete(`Grant/${grant}`);
  }
}
