const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Makes ids of the form `<prefix>_` + 26 characters of lower-case Crockford base32 of a UUID. */
export abstract class Ids {
  /** A new id (UUIDv7: later ids sort after earlier ones of the same prefix). */
  abstract mint(prefix: string): string;
  /** The id (UUIDv5) that these names always give: the same names, the same id. */
  abstract derive(prefix: string, ...names: readonly string[]): string;
}

/** Writes the 16 bytes of a UUID as an id: `<prefix>_` and 26 characters, most significant bits first. */
export function formatId(prefix: string, uuid: Uint8Array): string {
  let text = `${prefix}_`;
  let bits = 0;
  // 26 letters hold two bits more than the UUID has: the first one begins with them.
  let held = 2;
  for (let index = 0; index < 16; index++) {
    bits = ((bits << 8) | (uuid[index] ?? 0)) & 0xfff;
    for (held += 8; held >= 5; held -= 5) text += ALPHABET.charAt((bits >> (held - 5)) & 31);
  }
  return text;
}

/** Whether `text` has the shape of an id with this prefix. */
export function isId(prefix: string, text: string): boolean {
  return (
    text.length === prefix.length + 27 && text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{26}$/.test(text.slice(prefix.length + 1))
  );
}
