/** Makes texts that callers carry but can neither read nor change. */
export abstract class CursorSeal {
  /** Seals a text so that it opens only beside the same `binding`. */
  abstract seal(text: string, binding: string): string;
  /** What was sealed with this binding; undefined for anything else. */
  abstract open(sealed: string, binding: string): string | undefined;
}
