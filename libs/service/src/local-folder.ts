import { join } from 'node:path';

const DATABASE = '.db';

/** Where the embedded platform keeps what, below its data folder. */
export class LocalFolder {
  readonly log: string;
  readonly keyValue: string;
  readonly history: string;
  readonly blobs: string;

  constructor(readonly path: string) {
    this.log = join(path, `log${DATABASE}`);
    this.keyValue = join(path, `key-value${DATABASE}`);
    this.history = join(path, `history${DATABASE}`);
    this.blobs = join(path, 'blobs');
  }

  /** The documents of a service. */
  documents(service: string): string {
    return join(this.path, `${service}${DATABASE}`);
  }

  /** What a service can get again. */
  scratch(service: string): string {
    return join(this.path, 'scratch', service);
  }
}

/** Whether a file of the folder is one of its SQLite files. */
export function isDatabase(name: string): boolean {
  return name.endsWith(DATABASE);
}
