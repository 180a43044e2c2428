import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '@millrace/auth';
import { SqliteKeyValue, type KeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Lines } from '../../testing/lines';
import type { Revoked } from '../application/ports/revocations';
import { KeyValueRevocations } from './key-value-revocations';

const identity = (issuedAt: number, id = 'anna', session?: string): Identity => ({
  principal: { kind: 'user', id, roles: [], ...(session === undefined ? {} : { session }) },
  issuedAt,
  expiresAt: issuedAt + 300_000,
});

describe('what was closed before its time', () => {
  let folder: string;
  let keyValue: KeyValue;
  let one: KeyValueRevocations;
  let other: KeyValueRevocations;
  const log = new Lines();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-revocations-'));
    keyValue = new SqliteKeyValue({ file: join(folder, 'kv.db'), clock: new SystemClock() });
    one = await KeyValueRevocations.open(keyValue, log);
    other = await KeyValueRevocations.open(keyValue, log);
  });

  afterEach(async () => {
    await one.onApplicationShutdown();
    await other.onApplicationShutdown();
    await keyValue.close();
    await rm(folder, { recursive: true });
  });

  const heardBy = (revocations: KeyValueRevocations, id: string): Promise<Revoked> =>
    new Promise((resolve) => revocations.onRevoked((what) => what.id === id && resolve(what)));

  it('is known to whoever closed it at once, and to every other gateway', async () => {
    const heard = heardBy(other, 'sid_1');
    await one.revoke({ kind: 'session', id: 'sid_1', at: 5 });
    expect(one.isRevoked(identity(9, 'anna', 'sid_1'))).toBe(true);
    expect(await heard).toEqual({ kind: 'session', id: 'sid_1', at: 5 });
    expect(other.isRevoked(identity(9, 'anna', 'sid_1'))).toBe(true);
    expect(other.isRevoked(identity(9, 'anna', 'sid_2'))).toBe(false);
  });

  it('is known to a gateway that starts later', async () => {
    await one.revoke({ kind: 'session', id: 'sid_1', at: 5 });
    const late = await KeyValueRevocations.open(keyValue, log);
    expect(late.isRevoked(identity(9, 'anna', 'sid_1'))).toBe(true);
    await late.onApplicationShutdown();
  });

  it('is what a person had until then, not what a later sign-in gives', async () => {
    await one.revoke({ kind: 'user', id: 'anna', at: 1_000 });
    expect([999, 1_000, 1_001].map((issuedAt) => one.isRevoked(identity(issuedAt)))).toEqual([true, true, false]);
    expect(one.isRevoked(identity(999, 'ben'))).toBe(false);
  });

  it('stays closed when an earlier closing is told once more', async () => {
    await one.revoke({ kind: 'user', id: 'anna', at: 2_000 });
    await other.revoke({ kind: 'user', id: 'anna', at: 1_000 });
    expect(one.isRevoked(identity(1_500))).toBe(true);
    const late = await KeyValueRevocations.open(keyValue, log);
    expect(late.isRevoked(identity(1_500))).toBe(true);
    await late.onApplicationShutdown();
  });

  it('is one closing, whoever makes it at the same time', async () => {
    await Promise.all([one, other].map((each, index) => each.revoke({ kind: 'user', id: 'anna', at: 1_000 + index })));
    expect(one.isRevoked(identity(1_000))).toBe(true);
  });

  it('may be a person whose id no key could hold', async () => {
    const id = `auth0|${'ü'.repeat(120)} *>`;
    await one.revoke({ kind: 'user', id, at: 10 });
    expect(one.isRevoked(identity(10, id))).toBe(true);
  });

  it('tells listeners of keys until they leave', async () => {
    const told: Revoked[] = [];
    const leave = one.onRevoked((what) => told.push(what));
    await one.revoke({ kind: 'key', id: 'key_1', at: 1 });
    expect(told).toContainEqual({ kind: 'key', id: 'key_1', at: 1 });
    leave();
    const before = told.length;
    await one.revoke({ kind: 'token', id: 'tok_1', at: 1 });
    expect(told).toHaveLength(before);
  });

  it.each(['no JSON', '{"kind":"planet","id":"x","at":1}', '{"kind":"user"}'])('is not what nobody of us wrote: %s', async (value) => {
    await (await keyValue.bucket('revoked')).put('user.x', Buffer.from(value));
    const late = await KeyValueRevocations.open(keyValue, log);
    expect(late.isRevoked(identity(0, 'x'))).toBe(false);
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { key: 'user.x' } });
    await late.onApplicationShutdown();
  });
});
