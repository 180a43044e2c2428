import { randomBytes } from 'node:crypto';
import { createConnection } from 'mongoose';

/** A database of its own for a spec. */
export interface ScratchDatabase {
  readonly url: string;
  readonly database: string;
  remove(): Promise<void>;
}

/** A database with a name that nobody else has, on the server at `url`. */
export function scratchDatabase(url: string): ScratchDatabase {
  const database = `spec_${randomBytes(6).toString('hex')}`;
  return {
    url,
    database,
    remove: async () => {
      const connection = await createConnection(url, { dbName: database }).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
