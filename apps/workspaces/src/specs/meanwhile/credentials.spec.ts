import { hash } from 'node:crypto';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CredentialsService, KeysService, TokensService, WorkspacesService } from '@millrace/contracts';
import type { Collection } from '@millrace/documents';
import { servicePrincipal, type Principal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import type { ApiKey } from '../../domain/credentials/key';
import type { PersonalToken } from '../../domain/credentials/token';
import { KEYS, TOKENS } from '../../infrastructure/credentials';
import { workspacesService } from '../../index';

const { createKey, revokeKey, rotateKey, updateKey } = KeysService.method;
const { createToken, revokeToken } = TokensService.method;
const DAY = 86_400_000;

describe('keys and tokens, while others are at work', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let workspaceId: string;
  let keys: Collection<ApiKey>;
  let tokens: Collection<PersonalToken>;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Meanwhile' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    const [service] = bench.services;
    if (service === undefined) throw new Error('Nothing was started.');
    keys = await service.parts.documents.collection(KEYS);
    tokens = await service.parts.documents.collection(TOKENS);
  });

  afterEach(() => {
    interruptions.ahead = 0;
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (as: Principal = ada) => {
    const { key, secret } = await bench.bus.call(createKey, { workspaceId, name: 'ci', role: 'owner' }, bench.as(as));
    return { keyId: key?.id ?? '', secret };
  };
  const update = (keyId: string, said: object) => bench.bus.call(updateKey, { workspaceId, keyId, ifMatch: '*', ...said }, bench.as(ada));
  const rotate = (keyId: string) => bench.bus.call(rotateKey, { workspaceId, keyId }, bench.as(ada));
  const revoke = (keyId: string) => bench.bus.call(revokeKey, { workspaceId, keyId }, bench.as(ada));
  const resolve = (id: string, secret: string) =>
    bench.services[0]?.parts.bus.call(
      CredentialsService.method.resolveCredential,
      { id, digest: hash('sha256', secret, 'base64url') },
      bench.as(servicePrincipal('workspaces')),
    );
  const revokedMeanwhile = (keyId: string) =>
    interruptions.before('keys', 'update', () => keys.update(keyId, () => ({ document: null, events: [] })));

  it('get another end, which is to come and within a year', async () => {
    const { keyId } = await create();
    const now = bench.platform.clock.now();
    const { key } = await update(keyId, { expiresAt: timestampFromMs(now + 5 * DAY) });
    expect(timestampMs(key?.expiresAt ?? timestampFromMs(0))).toBe(now + 5 * DAY);
    for (const at of [now - 1, now + 367 * DAY]) {
      await expect(update(keyId, { expiresAt: timestampFromMs(at) })).rejects.toMatchObject({ code: 'credentials.end_invalid' });
    }
  });

  it('prove nobody once their time is over', async () => {
    const { keyId, secret } = await create();
    const { token, secret: own } = await bench.bus.call(createToken, { name: 'laptop', scopes: ['read:events'] }, bench.as(ada));
    interruptions.ahead = 91 * DAY;
    for (const [id, text] of [[keyId, secret] as const, [token?.id ?? '', own] as const]) {
      await expect(resolve(id, text)).rejects.toMatchObject({ code: 'auth.credential_expired', refusal: 'unauthenticated' });
    }
  });

  it('are not there for whoever changes or rotates what is revoked in that moment', async () => {
    for (const change of [(keyId: string) => update(keyId, { name: 'x' }), rotate]) {
      const { keyId } = await create();
      revokedMeanwhile(keyId);
      await expect(change(keyId)).rejects.toMatchObject({ code: 'keys.not_found', refusal: 'not-found' });
    }
  });

  it('prove nobody when they are revoked in that moment', async () => {
    const { keyId, secret } = await create();
    revokedMeanwhile(keyId);
    await expect(resolve(keyId, secret)).rejects.toMatchObject({ code: 'auth.credential_unknown' });
  });

  it('are gone as was wished when another one revokes them first', async () => {
    const { keyId } = await create();
    revokedMeanwhile(keyId);
    await revoke(keyId);
    const { token } = await bench.bus.call(createToken, { name: 'laptop', scopes: ['read:events'] }, bench.as(ada));
    const tokenId = token?.id ?? '';
    interruptions.before('tokens', 'update', () => tokens.update(tokenId, () => ({ document: null, events: [] })));
    await bench.bus.call(revokeToken, { tokenId }, bench.as(ada));
    expect([await keys.find(keyId), await tokens.find(tokenId)]).toEqual([undefined, undefined]);
  });

  it('are neither taken, gone nor unknown when the store fails', async () => {
    const { keyId, secret } = await create();
    for (const change of [() => update(keyId, { name: 'x' }), () => rotate(keyId), () => revoke(keyId), () => resolve(keyId, secret)]) {
      interruptions.fail('keys', 'update');
      await expect(change()).rejects.toThrow(RemoteFault);
    }
    interruptions.fail('keys', 'insert');
    await expect(create()).rejects.toThrow(RemoteFault);
    expect(await resolve(keyId, secret)).toMatchObject({ workspaceId });
  });

  it('go with their person, however many they made', async () => {
    const { keyId } = await create(ada);
    const { document } = await keys.get(keyId);
    const made = Array.from({ length: 230 }, (_, index) => {
      const place = `ws_${Math.floor(index / 100)}`;
      const id = bench.platform.ids.mint('key');
      return { ...document, id, workspaceId: place, slot: (index % 100) + 1, maker: { kind: 'user' as const, id: 'erin' } };
    });
    for (const key of made) await keys.insert(key);
    const { clock, eventLog, ids } = bench.platform;
    await eventLog.append([
      {
        ...{ id: ids.mint('evt'), workspaceId: 'platform', type: 'gateway.users.deleted', time: clock.now(), correlationId: 'c' },
        payload: Buffer.from(JSON.stringify({ user: 'erin' })),
        actor: { kind: 'user', id: 'erin' },
        source: { service: 'gateway' },
      },
    ]);
    const revoked = new Set<string>();
    for await (const { subject } of eventLog.read('first', '*.workspaces.keys.revoked', {
      live: true,
      signal: AbortSignal.timeout(20_000),
    })) {
      revoked.add(subject ?? '');
      if (made.every(({ id }) => revoked.has(`key/${id}`))) break;
    }
    expect((await keys.page({ where: { maker: 'user erin' }, limit: 1 })).items).toEqual([]);
    expect((await keys.get(keyId)).document.maker.id).toBe('ada');
  });
});
