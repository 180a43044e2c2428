import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { FilesService } from '@millrace/contracts';
import { malformed } from '../problems/refusals';

/** What may be said of a file with its bytes. */
export type UploadSaid = Pick<
  MessageInitShape<(typeof FilesService)['method']['commitFile']['input']>,
  'name' | 'visibility' | 'metadata' | 'expiresAt'
>;

type Read = (text: string, name: string) => UploadSaid;

const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['name', (name) => ({ name })],
  ['visibility', (visibility) => ({ visibility })],
  ['metadata', (text, name) => ({ metadata: textsOf(text, name) })],
  ['expiresAt', (text, name) => ({ expiresAt: timestampFromDate(timeOf(text, name)) })],
]);

/** Reads what is said of a file, each once, from a query or the fields of a form. Refuses names it does not know. */
export function readUploadForm(said: Iterable<readonly [name: string, value: string]>): UploadSaid {
  const seen = new Set<string>();
  let read: UploadSaid = {};
  for (const [name, value] of said) {
    const reader = READERS.get(name);
    if (reader === undefined)
      throw unreadable(name, `There is no such thing to say of a file. These are: ${[...READERS.keys()].join(', ')}.`);
    if (seen.has(name)) throw unreadable(name, 'Say it once.');
    seen.add(name);
    read = { ...read, ...reader(value, name) };
  }
  return read;
}

function textsOf(text: string, name: string): Record<string, string> {
  const value = parsed(text);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || !Object.values(value).every((each) => typeof each === 'string')) throw unreadable(name, 'A JSON object of texts.');
  return value as Record<string, string>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
  } catch {
    return undefined;
  }
}

function timeOf(text: string, name: string): Date {
  const time = new Date(/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? text : NaN);
  if (Number.isNaN(time.getTime())) throw unreadable(name, 'A time such as 2030-01-31T12:00:00Z.');
  return time;
}

function unreadable(name: string, detail: string): Error {
  const pointer = `/${name.slice(0, 64)}`;
  return malformed('upload_invalid', `${pointer}: ${detail}`, [{ pointer, code: 'api.upload_invalid', detail }]);
}
