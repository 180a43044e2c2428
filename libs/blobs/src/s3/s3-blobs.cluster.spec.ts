import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PrivateServer, stackSetting } from '@millrace/testing';
import { Client } from 'minio';
import type { Blobs } from '../blobs';
import { blobsContract } from '../blobs.contract';
import { S3Blobs, type S3BlobsOptions } from './s3-blobs';

type Access = Omit<S3BlobsOptions, 'bucket'>;

function accessOf(setting: (name: string) => string): Access {
  return {
    url: setting('MILLRACE_S3_URL'),
    accessKey: setting('MILLRACE_S3_ACCESS_KEY'),
    secretKey: setting('MILLRACE_S3_SECRET_KEY'),
  };
}

const scratchBucket = (): string => `spec-${randomBytes(6).toString('hex')}`;

function clientOf({ url, accessKey, secretKey }: Access): Client {
  const { hostname, port } = new URL(url);
  return new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey });
}

async function removeBucket(access: Access, bucket: string): Promise<void> {
  const client = clientOf(access);
  for await (const { name } of client.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>)
    await client.removeObject(bucket, name);
  await client.removeBucket(bucket);
}

blobsContract('S3Blobs', () => {
  const access = accessOf(stackSetting);
  const bucket = scratchBucket();
  return Promise.resolve({
    open: () => S3Blobs.open({ ...access, bucket }),
    remove: () => removeBucket(access, bucket),
  });
});

describe('S3Blobs', () => {
  const access = accessOf(stackSetting);
  let bucket: string;
  let blobs: Blobs;

  beforeEach(async () => {
    bucket = scratchBucket();
    blobs = await S3Blobs.open({ ...access, bucket });
  });

  afterEach(() => removeBucket(access, bucket));

  it('never gives damaged bytes for whole ones', async () => {
    await blobs.put('a', new Uint8Array(100_000));
    const meta = { 'x-amz-meta-sha256': (await blobs.stat('a'))?.sha256 ?? '' };
    await clientOf(access).putObject(bucket, 'a!', Buffer.alloc(100_000, 1), undefined, meta);
    await expect(blobs.read('a')).rejects.toThrow('The blob "a" is damaged');
    await clientOf(access).putObject(bucket, 'a!', Buffer.alloc(10));
    await expect(blobs.stat('a')).rejects.toThrow('damaged');
  });

  it('lists more than the server gives at once', async () => {
    const keys = Array.from({ length: 1_005 }, (_, i) => `k/${String(i).padStart(4, '0')}`);
    for (let at = 0; at < keys.length; at += 100)
      await Promise.all(keys.slice(at, at + 100).map((key) => blobs.put(key, Uint8Array.of(1))));
    expect(await blobs.list('k/', 2_000)).toEqual(keys);
  });

  it('says who is wrong when its keys are', async () => {
    const opening = S3Blobs.open({ ...access, secretKey: 'wrong', bucket });
    await expect(opening).rejects.toMatchObject({ code: 'blobs.unavailable', refusal: 'unavailable' });
  });
});

describe('S3Blobs, when its server fails', () => {
  const AWAY = { code: 'blobs.unavailable', refusal: 'unavailable' };
  let server: PrivateServer;
  let blobs: Blobs;

  beforeAll(async () => {
    server = await PrivateServer.start('s3');
    blobs = await S3Blobs.open({ ...accessOf((name) => server.setting(name)), bucket: 'blobs', patience: 1_000 });
  });

  afterAll(() => server[Symbol.asyncDispose]());

  /** Twenty thousand bytes at a time, and what is to happen on the way. */
  async function* interrupted(size: number, at: number, happens: () => void): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < size; sent += 20_000) {
      if (sent === at) happens();
      yield new Uint8Array(20_000).fill(7);
    }
  }

  it('refuses while it is down, keeps what was there, and goes on when it is back', async () => {
    await blobs.put('kept', new Uint8Array(3_000_000).fill(1));
    await expect(
      blobs.put(
        'kept',
        interrupted(2_000_000, 1_000_000, () => void server.kill()),
      ),
    ).rejects.toMatchObject(AWAY);
    await expect(blobs.get('kept')).rejects.toMatchObject(AWAY);
    await expect(blobs.stat('kept')).rejects.toMatchObject(AWAY);
    await expect(blobs.list('', 1)).rejects.toMatchObject(AWAY);
    await expect(blobs.remove('kept')).rejects.toMatchObject(AWAY);
    await server.start();
    expect(await blobs.read('kept')).toEqual(Buffer.alloc(3_000_000, 1));
    await blobs.put('kept', Uint8Array.of(2));
    expect(await blobs.read('kept')).toEqual(Buffer.of(2));
  });

  it('fails a download that the server leaves, and never ends it early', async () => {
    const size = 60_000_000;
    await blobs.put(
      'large',
      interrupted(size, -1, () => undefined),
    );
    const reading = await blobs.get('large');
    let read = 0;
    const toTheEnd = async (): Promise<void> => {
      for await (const chunk of reading) {
        if (read === 0) await server.kill();
        read += chunk.byteLength;
      }
    };
    await expect(toTheEnd()).rejects.toMatchObject(AWAY);
    expect(read).toBeLessThan(size);
    await server.start();
  });

  it('refuses while it stands still', async () => {
    await server.pause();
    try {
      await expect(blobs.put('other', new Uint8Array(8_000_000))).rejects.toMatchObject(AWAY);
      await expect(blobs.stat('kept')).rejects.toMatchObject(AWAY);
    } finally {
      server.resume();
    }
    expect(await blobs.read('kept')).toEqual(Buffer.of(2));
  });
});
