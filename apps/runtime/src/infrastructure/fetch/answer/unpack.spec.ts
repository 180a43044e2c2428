import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { TooManyBytes, unpacked } from './unpack';

const TEXT = Buffer.from('a text that is packed. '.repeat(100));

async function read(bytes: Buffer, encoding?: string, most = 1_000_000): Promise<string> {
  return (await unpacked(Readable.from(bytes.length === 0 ? [] : [bytes]), encoding, most)).toString();
}

describe('unpacking an answer', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['X-GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['gzip, br', brotliCompressSync(gzipSync(TEXT))],
    ['identity', TEXT],
    ['', TEXT],
  ])('undoes %s', async (encoding, packed) => {
    expect(await read(packed, encoding)).toBe(TEXT.toString());
  });

  it('leaves what it does not know, and what is packed too often, as it came', async () => {
    expect(await read(TEXT, 'compress')).toBe(TEXT.toString());
    expect(await read(TEXT, 'gzip, gzip, gzip')).toBe(TEXT.toString());
  });

  it.each(['gzip', 'br', 'deflate'])('takes an empty body for an empty one with %s', async (encoding) => {
    expect(await read(Buffer.alloc(0), encoding)).toBe('');
  });

  it('counts what is unpacked, and stops a bomb long before it has gone off', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const source = Readable.from([bomb]);
    await expect(unpacked(source, 'gzip', 1000)).rejects.toThrow(TooManyBytes);
    expect(source.destroyed).toBe(true);
  });

  it('takes as much as it may and no byte more', async () => {
    expect(await read(TEXT, undefined, TEXT.length)).toBe(TEXT.toString());
    await expect(read(TEXT, undefined, TEXT.length - 1)).rejects.toThrow(TooManyBytes);
  });

  it('fails on what is not packed as it says', async () => {
    await expect(read(TEXT, 'gzip')).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });
});
