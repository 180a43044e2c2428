import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { DomainError } from '@millrace/kernel';
import { malformed } from '../problems/refusals';

/** A file of a form, while it comes. */
export interface ArrivingFile {
  readonly field: string;
  /** As the sender calls it; empty: it does not say. */
  readonly name: string;
  /** As the sender declares it. */
  readonly type: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A form with what was made of its files, each kind in the order they came. */
export interface TakenForm<T> {
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly files: readonly (readonly [field: string, taken: T])[];
}

const MOST_PARTS = 50;
const LONGEST_NAME = 200;
const LONGEST_FIELD = 65_536;

/** Whether a body is a form in parts. */
export function isMultipart(contentType: string | undefined): boolean {
  return contentType !== undefined && /^multipart\/form-data(?:\s*;|$)/i.test(contentType.trim());
}

/**
 * Reads a form in parts. Each file is handed to `take` as it comes, one after the other; the form goes on when it was taken. Refuses
 * (`api.multipart_invalid`, `api.multipart_too_large`) what is no form or has more than 50 parts; rejects as the source or `take` does.
 */
export async function readMultipart<T>(
  contentType: string,
  source: AsyncIterable<Uint8Array>,
  take: (file: ArrivingFile) => Promise<T>,
): Promise<TakenForm<T>> {
  const form = new Form<T>(parserOf(contentType), take);
  return form.read(source);
}

class Form<T> {
  private readonly fields: (readonly [string, string])[] = [];
  private readonly taken: Promise<readonly [string, T]>[] = [];
  private readonly open = new Set<BusboyFileStream>();

  constructor(
    private readonly parser: BusboyInstance,
    private readonly take: (file: ArrivingFile) => Promise<T>,
  ) {
    parser.on('field', (name, value, _isNameCut, isValueCut) => {
      if (isValueCut) this.fail(tooLarge(`a field of more than ${LONGEST_FIELD} bytes`));
      else if (this.isNamed(name)) this.fields.push([name, value]);
    });
    parser.on('file', (field, bytes, name, _encoding, type) => {
      if (this.isNamed(field)) this.takeFile({ field, name: nameOf(name), type, bytes });
      else bytes.resume();
    });
    parser.on('partsLimit', () => this.fail(tooLarge(`more than ${MOST_PARTS} parts`)));
  }

  async read(source: AsyncIterable<Uint8Array>): Promise<TakenForm<T>> {
    try {
      await pipeline(Readable.from(source, { objectMode: false }), this.parser);
      return { fields: this.fields, files: await Promise.all(this.taken) };
    } catch (error) {
      const cause = refusalOf(error);
      for (const stream of this.open) stream.destroy(cause);
      await Promise.allSettled(this.taken);
      throw cause;
    }
  }

  /** Whether a part has a name that can be taken; fails the form otherwise. */
  private isNamed(name: unknown): boolean {
    if (typeof name === 'string' && name !== '' && name.length <= LONGEST_NAME) return true;
    this.fail(name === undefined || name === '' ? invalid() : tooLarge(`a name of more than ${LONGEST_NAME} characters`));
    return false;
  }

  private takeFile(file: ArrivingFile & { readonly bytes: BusboyFileStream }): void {
    const { field, bytes } = file;
    this.open.add(bytes);
    // Whoever reads it hears of it; until somebody does, it is nobody's fault.
    bytes.on('error', () => undefined);
    const taken = this.take(file).then((one) => [field, one] as const);
    taken.catch((error: unknown) => this.fail(error)).finally(() => this.open.delete(bytes));
    this.taken.push(taken);
  }

  private fail(error: unknown): void {
    this.parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** A file may have no name, whatever the types of the parser say. */
function nameOf(name: unknown): string {
  return typeof name === 'string' ? name : '';
}

function parserOf(contentType: string): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: { parts: MOST_PARTS, fieldNameSize: LONGEST_NAME, fieldSize: LONGEST_FIELD, headerPairs: 20, headerSize: 8_192 },
    });
  } catch {
    throw invalid();
  }
}

/** What the parser says is about the form; all else was said by somebody who knows better. */
function refusalOf(error: unknown): Error {
  if (error instanceof DomainError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  return /multipart|Part terminated|Boundary|Malformed/i.test(error.message) ? invalid() : error;
}

function invalid(): DomainError {
  return malformed(
    'multipart_invalid',
    'The body is not the form in parts that Content-Type says it is. Send it whole, with its boundary.',
  );
}

function tooLarge(what: string): DomainError {
  return malformed('multipart_too_large', `The form has ${what}. Send it in several requests.`);
}
