import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bombed } from './bombed';

/** Libraries that make pictures of bytes. */
const DECODERS = /^(?:sharp|jimp|canvas|@napi-rs\/(?:canvas|image)|pngjs|jpeg-js|gm|imagemagick|skia-canvas|image-size|probe-image-size)$/;

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture that is small as a file and would be gigabytes as points. */
function png(side: number, lines: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const points = deflateSync(Buffer.alloc((side * 4 + 1) * lines));
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', points), chunk('IEND', Buffer.alloc(0))]);
}

/** One that holds many more pictures than it has bytes for. */
const GIF = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0]), Buffer.alloc(200_000, 0x2c)]);

describe('a picture that would exhaust who makes points of it', () => {
  let house: Bombed;
  let workspace: string;

  beforeAll(async () => {
    house = await Bombed.make();
    workspace = await house.workspace();
  });

  afterAll(async () => {
    await house.stop();
  });

  it.each([
    ['of very many points', () => png(60_000, 20)],
    ['of more points than it has', () => png(2_147_483_647, 0)],
    ['of very many pictures', () => GIF],
  ])('is kept, shown and served as the bytes it is, and costs little: one %s', async (_, made) => {
    const { ground, authorization } = house;
    const bytes = made();
    const W = `/v1/workspaces/${workspace}`;
    const brought = () =>
      ground.ask(`${W}/files?name=photo&visibility=public`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: bytes,
      });
    expect(await house.thrown(brought)).toEqual([201]);
    const { id } = JSON.parse((await brought()).body) as { readonly id: string };
    const headers = { authorization, 'content-type': 'application/json', 'if-match': '*' };
    const shown = await ground.ask(W, { method: 'PATCH', headers, body: JSON.stringify({ photo: id }) });
    expect(shown.status).toBe(200);
    expect(await house.thrown(() => ground.ask(`${W}/files/${id}/content`))).toEqual([200]);
  });

  it('meets nobody here who does: no package that is shipped makes points of a picture', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { readonly packages: Readonly<Record<string, unknown>> };
    const names = Object.keys(packages).map((path) => path.split('node_modules/').at(-1) ?? '');
    expect(names.filter((name) => DECODERS.test(name))).toEqual([]);
  });
});
