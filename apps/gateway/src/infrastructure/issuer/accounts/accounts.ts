import type { Collection, CollectionSpec, Documents } from '@millrace/documents';
import type { Account } from './account';

const SPEC: CollectionSpec<Account> = {
  name: 'accounts',
  id: ({ id }) => id,
  indexes: [
    { name: 'username', of: ({ username }) => username, unique: true },
    { name: 'email', of: ({ email }) => email, unique: true },
  ],
};

/** The people who can sign in at the embedded issuer, in the gateway's documents. */
export class Accounts {
  private constructor(private readonly collection: Collection<Account>) {}

  static async open(documents: Documents): Promise<Accounts> {
    return new Accounts(await documents.collection(SPEC));
  }

  /** Whether nobody was ever put here. */
  async isEmpty(): Promise<boolean> {
    return (await this.collection.page({ limit: 1 })).items.length === 0;
  }

  async add(account: Account): Promise<void> {
    await this.collection.insert(account);
  }

  /** An account that is on. */
  async find(id: string): Promise<Account | undefined> {
    return enabled((await this.collection.find(id))?.document);
  }

  /** An account that is on, by its user name or its e-mail address, in any case. */
  async findByName(name: string): Promise<Account | undefined> {
    const index = name.includes('@') ? 'email' : 'username';
    return enabled((await this.collection.findBy(index, name.trim().toLowerCase()))?.document);
  }

  /** Forgets an account; gone already is fine. */
  async remove(id: string): Promise<void> {
    if ((await this.collection.find(id)) !== undefined) await this.collection.update(id, () => ({ document: null, events: [] }));
  }

  /** Replaces an account by what `change` makes of it; `change` must be pure. */
  async change(id: string, change: (account: Account) => Account): Promise<void> {
    await this.collection.update(id, (account) => ({ document: change(account), events: [] }));
  }
}

function enabled(account: Account | undefined): Account | undefined {
  return account?.enabled === true ? account : undefined;
}
