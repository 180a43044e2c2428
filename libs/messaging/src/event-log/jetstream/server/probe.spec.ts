import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { assertKept, assertSync, probeVersion, readSyncReport } from './probe';

const SECOND = 1_000_000_000;

describe('the probe of a NATS server', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server = undefined;
  });

  const monitorSaying = async (answer: string): Promise<string> => {
    server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('refuses versions below 2.12 by name, and warns below 2.14.3', () => {
    for (const version of ['2.11.9', '2.9.25', '1.4.1', '0.0.0']) {
      const refused = { code: 'log.server_too_old', message: expect.stringContaining(version) };
      expect(() => probeVersion(version)).toThrow(expect.objectContaining(refused));
    }
    expect(['2.12.0', '2.14.2', '2.14.3-RC.1', '2.14.5', '3.0.0'].map((version) => probeVersion(version)?.slice(0, 34))).toEqual([
      'The NATS server is version 2.12.0:',
      'The NATS server is version 2.14.2:',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('names each option that the server dropped or changed', () => {
    const wanted = {
      allow_atomic: true,
      max_age: 0,
      max_deliver: -1,
      deny_purge: false,
      subjects: ['b', 'a'],
      priority_policy: 'pinned_client',
    };
    assertKept('the stream EVENTS', wanted, {
      ...wanted,
      subjects: ['a', 'b'],
      max_age: undefined,
      max_deliver: undefined,
      deny_purge: undefined,
    });
    const { priority_policy: _, ...older } = wanted;
    const refused = {
      code: 'log.option_dropped',
      message: expect.stringMatching(/EVENTS.*allow_atomic.*priority_policy \(asked for "pinned_client"/),
    };
    expect(() => assertKept('the stream EVENTS', wanted, { ...older, allow_atomic: false })).toThrow(expect.objectContaining(refused));
  });

  it('takes for `safe` only a server that syncs always, and for `fast` one that does each second', () => {
    assertSync('safe', { sync_always: true, sync_interval: 120 * SECOND });
    assertSync('fast', { sync_always: true });
    assertSync('fast', { sync_interval: SECOND });
    const slow = { sync_interval: 120 * SECOND };
    for (const [durability, report] of [
      ['safe', { sync_interval: SECOND }],
      ['safe', slow],
      ['fast', slow],
      ['fast', {}],
    ] as const) {
      expect(() => assertSync(durability, report)).toThrow(expect.objectContaining({ code: 'log.not_synced', refusal: 'unavailable' }));
    }
  });

  it('reads how a server syncs from its monitoring address', async () => {
    const monitor = await monitorSaying('{"jetstream":{"config":{"sync_always":true,"sync_interval":1}}}');
    expect(await readSyncReport(monitor)).toEqual({ sync_always: true, sync_interval: 1 });
  });

  it.each(['{}', '{"jetstream":{}}', 'no JSON'])('says that it cannot see it, from %s', async (answer) => {
    await expect(readSyncReport(await monitorSaying(answer))).rejects.toMatchObject({ code: 'log.sync_unknown' });
  });

  it('says that it cannot see it without an address, or when nobody answers there', async () => {
    await expect(readSyncReport(undefined)).rejects.toMatchObject({ code: 'log.sync_unknown' });
    await expect(readSyncReport('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'log.sync_unknown' });
  });
});
