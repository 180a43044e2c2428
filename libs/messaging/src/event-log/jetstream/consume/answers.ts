const encoder = new TextEncoder();

/** What the server is told of an event it gave. */
export const ACK = encoder.encode('+ACK');
/** Give it again, at once. */
export const NAK = encoder.encode('-NAK');
/** Wait longer. */
export const WORKING = encoder.encode('+WPI');
/** Never give it again. */
export const TERM = encoder.encode('+TERM');

/** Give it again after so many milliseconds. */
export function nakAfter(delay: number): Uint8Array {
  return encoder.encode(`-NAK {"delay": ${delay * 1_000_000}}`);
}
