/** Makes texts that only gateways of this installation can read or change. */
export abstract class Seal {
  /** Of characters that need no escaping in a URL or a cookie. `purpose`: only `open` with the same reads it. */
  abstract seal(text: string, purpose: string): string;
  /** The text; undefined when it was not sealed here, for this purpose. */
  abstract open(sealed: string, purpose: string): string | undefined;
}
