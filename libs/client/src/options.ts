export interface ClientOptions {
  /** Where the gateway answers, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Gives the access token to send; absent: calls go without. */
  readonly token?: () => string | Promise<string>;
}
