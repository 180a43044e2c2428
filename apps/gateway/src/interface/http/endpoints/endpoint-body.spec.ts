import { Readable } from 'node:stream';
import { FolderBlobs, StagedBlobs } from '@millrace/blobs';
import { SystemClock, SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointBodies } from './endpoint-body';

const FORM = { 'content-type': 'multipart/form-data; boundary=x' };
const part = (content: string): string => `--x\r\ncontent-disposition: form-data; name="f"; filename="a"\r\n\r\n${content}\r\n--x--\r\n`;
/** Bytes that `part` puts around its content. */
const AROUND = part('').length;

describe('the body of a call, where 100 bytes come in hand and 1000 at all', () => {
  const folder = temporaryFolder();
  let blobs: FolderBlobs;
  let bodies: EndpointBodies;

  beforeAll(async () => {
    blobs = await FolderBlobs.open(folder.path);
    const clock = new SystemClock();
    bodies = new EndpointBodies(new StagedBlobs(blobs, clock, new SystemIds(clock)), { inline: 100, most: 1_000 });
  });

  afterAll(() => folder[Symbol.dispose]());

  const kept = async (): Promise<number> => (await blobs.list('', 100)).length;
  const read = (text: string, headers: Record<string, string> = {}) => bodies.read(Readable.from([Buffer.from(text)]), headers);

  it.each([{}, { 'content-length': '100' }])('comes as it is up to there, with %j', async (headers) => {
    expect((await read('x'.repeat(100), headers)).body?.length).toBe(100);
  });

  it.each([{}, { 'content-length': '101' }])('comes as a file beyond, with %j', async (headers) => {
    const { body, upload } = await read('x'.repeat(101), headers);
    expect([body?.length, upload?.whole, upload?.files?.map(({ size }) => size)]).toEqual([0, true, [101]]);
  });

  it('comes without its bytes when it is a form that is larger', async () => {
    const small = await read(part('y'), FORM);
    const large = await read(part('y'.repeat(101)), FORM);
    expect([small.body?.length, large.body?.length]).toEqual([AROUND + 1, 0]);
    expect(large.upload?.files?.map(({ size }) => size)).toEqual([101]);
  });

  it.each([
    ['x'.repeat(1_001), {}],
    ['x'.repeat(1_001), { 'content-length': '1001' }],
    [part('y'.repeat(1_001 - AROUND)), FORM],
  ])('is refused when it is more than may come, and nothing of it is kept', async (text, headers) => {
    const before = await kept();
    await expect(read(text, headers)).rejects.toMatchObject({ code: 'api.body_too_large', message: expect.stringContaining('1000 bytes') });
    expect(await kept()).toBe(before);
  });
});
