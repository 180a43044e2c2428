import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import { isMultipart, readMultipart, type ArrivingFile } from './multipart';

const TYPE = 'multipart/form-data; boundary=xyz';
const field = (name: string, value: string): string => `--xyz\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const file = (name: string, filename: string, content: string, type = 'text/plain'): string =>
  `--xyz\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: ${type}\r\n\r\n${content}\r\n`;
const END = '--xyz--\r\n';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const textOf = async ({ name, type, bytes }: ArrivingFile) => ({
  name,
  type,
  text: Buffer.concat(await Array.fromAsync(bytes)).toString(),
});
const read = (text: string, size = 1_000, type = TYPE) => readMultipart(type, inPieces(text, size), textOf);
const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'read',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );

describe('a form in parts', () => {
  it('is read whatever pieces it comes in', async () => {
    const form = field('a', '1') + file('f', 'ä.txt', 'eins\r\n--xy') + field('a', '2') + file('f', '../b', '', 'image/png') + END;
    for (const size of [1, 2, 7, 64, 100_000]) {
      expect(await read(form, size)).toEqual({
        fields: [
          ['a', '1'],
          ['a', '2'],
        ],
        files: [
          ['f', { name: 'ä.txt', type: 'text/plain', text: 'eins\r\n--xy' }],
          ['f', { name: 'b', type: 'image/png', text: '' }],
        ],
      });
    }
  });

  it('is known by its type alone', () => {
    expect(['multipart/form-data; boundary=x', 'Multipart/Form-Data', 'multipart/mixed', 'text/plain', undefined].map(isMultipart)).toEqual(
      [true, true, false, false, false],
    );
  });

  it('is refused when it is none, or not whole', async () => {
    const form = file('f', 'a', 'content') + END;
    for (const asked of [
      read(form, 10, 'multipart/form-data'),
      read(form.slice(0, -6), 10),
      read(file('f', 'a', 'x'.repeat(100)).slice(0, 100), 10),
      read('{}', 10),
    ]) {
      expect(await codeOf(asked)).toBe('api.multipart_invalid');
    }
  });

  it('has at most fifty parts, and fields of a measure', async () => {
    expect(await codeOf(read(field('a', '1').repeat(50) + END))).toBe('read');
    expect(await codeOf(read(field('a', '1').repeat(51) + END))).toBe('api.multipart_too_large');
    expect(await codeOf(read(field('a', 'x'.repeat(65_537)) + END))).toBe('api.multipart_too_large');
    expect(await codeOf(read(field('n'.repeat(201), 'x') + END))).toBe('api.multipart_too_large');
  });

  it('waits until a file is taken before it goes on', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(file('f', 'a', '').slice(0, -2));
      for (; given < 1_000; given += 1) yield Buffer.alloc(65_536);
      yield Buffer.from(`\r\n${END}`);
    }
    const reading = readMultipart(TYPE, endless(), async ({ bytes }) => {
      let [size, ahead] = [0, 0];
      for await (const chunk of bytes) {
        size += chunk.byteLength;
        ahead = Math.max(ahead, given * 65_536 - size);
      }
      expect(ahead).toBeLessThan(1_000_000);
      return size;
    });
    expect((await reading).files).toEqual([['f', 65_536_000]]);
  });

  it('fails as its source or its taker does, and lets nobody wait', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(file('f', 'a', 'x'));
      throw new Error('gone');
    }
    const seen: string[] = [];
    const taking = readMultipart(TYPE, broken(), async ({ bytes }) => {
      try {
        for await (const _ of bytes);
      } catch (error) {
        seen.push(String(error));
        throw error;
      }
    });
    await expect(taking).rejects.toThrow('gone');
    expect(seen).toEqual(['Error: gone']);
    const refused = readMultipart(TYPE, inPieces(file('f', 'a', 'x'.repeat(1_000_000)) + END, 10_000), async () => {
      throw new DomainError('blobs.unavailable', 'unavailable', 'Away.');
    });
    expect(await codeOf(refused)).toBe('blobs.unavailable');
  });
});
