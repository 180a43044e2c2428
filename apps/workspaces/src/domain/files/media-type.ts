import { DomainError } from '@millrace/kernel';

/** Bytes by which a type is known, from `at` on; `null` matches any. */
interface Mark {
  readonly type: string;
  readonly at?: number;
  readonly bytes: readonly (number | null)[];
  /** Types that are this one with a meaning of their own. */
  readonly also?: RegExp;
}

const text = (word: string): readonly number[] => Array.from(word, (letter) => letter.charCodeAt(0));

/** Types that have a mark; what claims to be one of them must bear it. */
const MARKS: readonly Mark[] = [
  { type: 'image/png', bytes: [0x89, ...text('PNG\r\n'), 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', bytes: text('GIF8') },
  { type: 'image/webp', bytes: [...text('RIFF'), null, null, null, null, ...text('WEBP')] },
  { type: 'audio/wav', bytes: [...text('RIFF'), null, null, null, null, ...text('WAVE')], also: /^audio\/(?:x-wav|wave|vnd\.wave)$/ },
  { type: 'image/avif', at: 4, bytes: text('ftypavi') },
  { type: 'image/heic', at: 4, bytes: text('ftyphe'), also: /^image\/heif$/ },
  { type: 'video/quicktime', at: 4, bytes: text('ftypqt') },
  { type: 'video/mp4', at: 4, bytes: text('ftyp'), also: /^(?:audio\/(?:mp4|x-m4a)|video\/(?:3gpp|x-m4v))$/ },
  { type: 'video/webm', bytes: [0x1a, 0x45, 0xdf, 0xa3], also: /^(?:audio\/webm|video\/(?:x-)?matroska)$/ },
  { type: 'application/ogg', bytes: text('OggS'), also: /^(?:audio|video)\/ogg$/ },
  { type: 'audio/mpeg', bytes: text('ID3'), also: /^audio\/mp3$/ },
  { type: 'audio/mpeg', bytes: [0xff, 0xfb], also: /^audio\/mp3$/ },
  { type: 'image/tiff', bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: 'image/tiff', bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { type: 'image/bmp', bytes: text('BM') },
  { type: 'application/pdf', bytes: text('%PDF-') },
  {
    type: 'application/zip',
    bytes: [...text('PK'), 0x03, 0x04],
    also: /^application\/(?:x-zip-compressed|epub\+zip|java-archive|vnd\..+|.+\+zip)$/,
  },
  { type: 'application/gzip', bytes: [0x1f, 0x8b], also: /^application\/(?:x-gzip|x-tgz|x-gtar)$/ },
  { type: 'application/zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { type: 'application/x-7z-compressed', bytes: [...text('7z'), 0xbc, 0xaf, 0x27, 0x1c] },
  { type: 'application/msword', bytes: [0xd0, 0xcf, 0x11, 0xe0], also: /^application\/(?:vnd\.ms-.+|x-msi)$/ },
  { type: 'application/wasm', bytes: [0x00, ...text('asm')] },
  { type: 'application/x-executable', bytes: [0x7f, ...text('ELF')] },
  { type: 'application/vnd.microsoft.portable-executable', bytes: text('MZ'), also: /^application\/x-(?:msdownload|dosexec)$/ },
];

/** Bytes of the beginning that tell the type. */
export const HEAD = 4_096;

const UNKNOWN = 'application/octet-stream';
const TEXTUAL = /^(?:text\/.+|application\/(?:json|yaml|xml|toml|sql|javascript|x-ndjson|x-sh|.+\+(?:json|xml|yaml))|image\/svg\+xml)$/;

/**
 * The type of bytes that begin with `head`, when they were declared to be `declared` (empty: nothing was said). What bears the mark of a type
 * is of that type, and what claims a type that has a mark must bear it: a lie is refused.
 */
export function typeOf(head: Uint8Array, declared: string): string {
  const claimed = essence(declared);
  const marked = MARKS.filter((mark) => bears(head, mark));
  const found = marked[0]?.type ?? (isText(head) ? 'text/plain' : UNKNOWN);
  if (claimed === '' || claimed === UNKNOWN) return found;
  if (marked.some((mark) => fits(mark, claimed))) return claimed;
  const isOther = marked.some(isSpecific);
  const isUnmarked = head.length > 0 && MARKS.some(({ type }) => type === claimed);
  const isNoText = TEXTUAL.test(claimed) && !isText(head);
  if (isOther || isUnmarked || isNoText) throw typeDisagrees(claimed, found);
  return claimed;
}

function essence(declared: string): string {
  const type = declared.replace(/;.*$/su, '').trim().toLowerCase();
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/.test(type) ? type : '';
}

function bears(head: Uint8Array, { at = 0, bytes }: Mark): boolean {
  return bytes.every((byte, index) => byte === null || head[at + index] === byte);
}

function fits({ type, also }: Mark, claimed: string): boolean {
  return claimed === type || also?.test(claimed) === true;
}

/** Two bytes may stand at the beginning of anything. */
function isSpecific({ bytes }: Mark): boolean {
  return bytes.length > 2;
}

function isText(head: Uint8Array): boolean {
  if (head.includes(0)) return false;
  try {
    // The last character may be cut in two.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function typeDisagrees(declared: string, found: string): DomainError {
  return new DomainError(
    'workspaces.file_type_disagrees',
    'invalid',
    `The file was declared to be ${declared}, but by its content it is ${found}. Send it with the type it has, or without one.`,
    { facts: { declared, found } },
  );
}
