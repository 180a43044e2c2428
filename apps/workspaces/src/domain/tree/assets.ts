/** Bytes that a text of a workspace may have. */
const LARGEST_TEXT = 262_144;
/** Bytes that an asset may have. */
export const LARGEST_ASSET = 5 * 1_048_576;

/** Whether a file of a workspace may be any bytes: pictures, fonts, archives. Every other file is a text, and only texts are read, checked and handed to runtimes. */
export function isAsset(path: string): boolean {
  return path.startsWith('assets/');
}

/** Bytes that the file may have. */
export function largestAt(path: string): number {
  return isAsset(path) ? LARGEST_ASSET : LARGEST_TEXT;
}
