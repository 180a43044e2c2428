import type { Persistence } from './persistence';

export interface ClientOptions {
  /** Where the gateway answers, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Gives the access token, personal token or key to send; absent: calls go without. */
  readonly token?: () => string | Promise<string>;
  /** How the calls of `api` are tried again. */
  readonly persistence?: Persistence;
}
