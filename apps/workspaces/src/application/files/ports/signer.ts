/** Signs what only this installation may say. */
export abstract class Signer {
  /** The signature of a text, in letters that a URL carries as they are. The same text always has the same one. */
  abstract sign(text: string): string;
  /** Whether a signature is the text's. Takes as long for a wrong one as for the right one. */
  abstract isSigned(text: string, signature: string): boolean;
}
