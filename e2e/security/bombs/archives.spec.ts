import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pack, type Header } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { Answered } from '../ground';
import { Bombed } from './bombed';

const MANY = 6_000;
const LINK = 0o120777;
/** Bytes that are packed into next to nothing. */
const ZEROS = Buffer.alloc(24 * 1_048_576);
/** Takes the place of what a name shall be that no packer writes. */
const PLACE = 'a'.repeat(20);

type Archive = Promise<Buffer>;

async function zip(fill: (file: ZipFile) => void): Archive {
  const file = new ZipFile();
  fill(file);
  file.end();
  return Buffer.concat(await Array.fromAsync(file.outputStream as AsyncIterable<Uint8Array>));
}

/** A zip with a file of this name, which both of its directories say. */
async function zipNamed(name: string): Archive {
  const bytes = await zip((file) => file.addBuffer(Buffer.from('do: []\n'), PLACE));
  return Buffer.from(bytes.toString('latin1').replaceAll(PLACE, name.padEnd(PLACE.length, 'a')), 'latin1');
}

/** A zip whose directory names the same few bytes, of which much becomes, again and again. */
async function zipOfOne(times: number): Archive {
  const bytes = await zip((file) => file.addBuffer(ZEROS.subarray(0, 4 * 1_048_576), PLACE));
  const directory = bytes.readUInt32LE(bytes.length - 6);
  const [content, entry, end] = [bytes.subarray(0, directory), bytes.subarray(directory, -22), Buffer.from(bytes.subarray(-22))];
  const entries = Array.from({ length: times }, (_, at) =>
    Buffer.from(entry.toString('latin1').replace(PLACE, String(at).padStart(PLACE.length, 'a')), 'latin1'),
  );
  for (const at of [8, 10]) end.writeUInt16LE(times, at);
  end.writeUInt32LE(entry.length * times, 12);
  return Buffer.concat([content, ...entries, end]);
}

async function tar(...entries: readonly (Partial<Header> & { readonly name: string; readonly bytes?: Uint8Array })[]): Archive {
  const stream = pack();
  for (const { bytes = Buffer.from('do: []\n'), ...headers } of entries) {
    stream.entry(headers, headers.type === undefined ? Buffer.from(bytes) : '');
  }
  stream.finalize();
  return gzipSync(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Uint8Array>)));
}

const ZIPS: readonly (readonly [string, () => Archive])[] = [
  ['that unpacks to very much', () => zip((file) => file.addBuffer(ZEROS, 'index.yml'))],
  ['of which many files are the same bytes', () => zipOfOne(400)],
  [
    'of very many files',
    () => zip((file) => Array.from({ length: MANY }, (_, at) => file.addBuffer(Buffer.alloc(0), `f/${at}.yml`, { compress: false }))),
  ],
  ['with a way up', () => zipNamed('../../evil.yaml')],
  ['with a way up in the middle', () => zipNamed('automations/../../e')],
  ['with a path from the root', () => zipNamed('/etc/cron.d/evil')],
  ['with a path of another system', () => zipNamed('..\\..\\evil.yaml')],
  ['with the letter of a drive', () => zipNamed('C:\\evil.yaml')],
  ['with a name that ends in its middle', () => zipNamed('automations/a\0b')],
  ['with a link', () => zip((file) => file.addBuffer(Buffer.from('/etc/passwd'), 'index.yml', { mode: LINK }))],
];

const TARS: readonly (readonly [string, () => Archive])[] = [
  ['that unpacks to very much', () => tar({ name: 'index.yml', bytes: ZEROS })],
  ['of very many files', () => tar(...Array.from({ length: MANY }, (_, at) => ({ name: `f/${at}.yml` })))],
  ['with a way up', () => tar({ name: '../../evil.yaml' })],
  ['with a path from the root', () => tar({ name: '/etc/cron.d/evil' })],
  ['with a link', () => tar({ name: 'index.yml', type: 'symlink', linkname: '/etc/passwd' })],
  ['with a second name for a file', () => tar({ name: 'index.yml', type: 'link', linkname: '../../etc/passwd' })],
  ['with a device', () => tar({ name: 'index.yml', type: 'character-device' })],
  ['that says it is larger than anything', async () => gzipSync(Buffer.from((await tarHeader()).fill('7', 124, 135)))],
  ['that is packed again and again', async () => gzipSync(gzipSync(gzipSync(ZEROS)))],
];

async function tarHeader(): Promise<Buffer> {
  const stream = pack();
  stream.entry({ name: 'index.yml' }, 'do: []\n');
  stream.finalize();
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Uint8Array>));
}

describe('an archive at the door', () => {
  let house: Bombed;

  beforeAll(async () => {
    house = await Bombed.make();
  });

  afterAll(async () => {
    await house.stop();
  });

  const brought = (type: string, body: Uint8Array): Promise<Answered> =>
    house.ground.ask('/v1/workspaces:import?name=Bomb', {
      method: 'POST',
      headers: { authorization: house.authorization, 'content-type': type },
      body,
    });

  const refused = async (type: string, archive: () => Archive): Promise<void> => {
    const bytes = await archive();
    expect(await house.thrown(() => brought(type, bytes))).toEqual([422]);
  };

  it.each(ZIPS)('as a zip %s is refused whole and costs little', async (_, archive) => refused('application/zip', archive));

  it.each(TARS)('as a tar %s is refused whole and costs little', async (_, archive) => refused('application/gzip', archive));

  it('leaves no workspace, and the house as it was', async () => {
    const { ground, authorization } = house;
    const { body } = await ground.ask('/v1/workspaces', { headers: { authorization } });
    expect(JSON.parse(body)).toMatchObject({ items: [] });
    expect((await ground.ask('/healthz')).status).toBe(200);
  });
});
