import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SecretsService, WorkspacesService } from '@millrace/contracts';
import { SqliteDocuments } from '@millrace/documents';
import { servicePrincipal } from '@millrace/kernel';
import type { KeyValue } from '@millrace/messaging';
import { memoryPorts, person, serviceBench, temporaryFolder, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';
import { DATA_KEYS, EnvelopeVault } from './infrastructure/vault/envelope-vault';
import { MasterKeys } from './infrastructure/vault/master-keys';

const { method } = SecretsService;
const CANARY = 'canary-4711-value';
const PLACE = { workspaceId: 'ws_1', name: 'A', version: 1 };

describe('the secrets of a workspace', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  const ada = person('ada');

  beforeEach(async () => {
    bench = await serviceBench(workspacesService());
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Secrets' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const set = (name: string, value: string, headers: { ifMatch?: string; ifNoneMatch?: string; description?: string } = {}) =>
    bench.bus.call(method.setSecret, { workspaceId, name, value, ...headers }, bench.as(ada));

  /** As the runtime would, which may. */
  const resolve = async (...names: string[]) => {
    const parts = bench.services[0]?.parts;
    const asked = bench.as(servicePrincipal('workspaces'));
    return (await parts?.bus.call(method.resolveSecrets, { workspaceId, names }, asked))?.values;
  };

  it('go in, are used, and never come out again', async () => {
    const { secret } = await set('TOKEN', CANARY, { description: 'of the shop' });
    expect(secret).toMatchObject({ name: 'TOKEN', description: 'of the shop', version: 1, setBy: 'ada', etag: '1' });
    expect(await resolve('TOKEN', 'NONE')).toEqual({ TOKEN: CANARY });
    await expect(bench.bus.call(method.resolveSecrets, { workspaceId, names: ['TOKEN'] }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
    const { items } = await bench.bus.call(method.listSecrets, { workspaceId }, bench.as(ada));
    expect(items.map(({ name }) => name)).toEqual(['TOKEN']);
    expect(
      JSON.stringify(
        items.map(({ $typeName: _, ...item }) => item),
        (_, value: unknown) => (typeof value === 'bigint' ? '' : value),
      ),
    ).not.toContain(CANARY);
  });

  it('change under If-Match, keep what is said of them, and are gone when they are deleted', async () => {
    await set('TOKEN', 'one', { description: 'kept' });
    await expect(set('TOKEN', 'two')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(set('TOKEN', 'two', { ifNoneMatch: '*' })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    await expect(set('TOKEN', 'two', { ifMatch: '"7"' })).rejects.toMatchObject({ facts: { etag: '1', updatedBy: 'ada' } });
    await expect(set('OTHER', 'two', { ifMatch: '*' })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    expect((await set('TOKEN', 'two', { ifMatch: '"1"' })).secret).toMatchObject({ version: 2, description: 'kept' });
    expect(await resolve('TOKEN')).toEqual({ TOKEN: 'two' });
    const remove = (ifMatch: string) => bench.bus.call(method.deleteSecret, { workspaceId, name: 'TOKEN', ifMatch }, bench.as(ada));
    await expect(remove('')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await remove('"2"');
    await expect(remove('*')).rejects.toMatchObject({ code: 'workspaces.secret_not_found' });
    expect(await resolve('TOKEN')).toEqual({});
  });

  it('have names and sizes of a measure', async () => {
    await expect(set('MILLRACE_X', 'x')).rejects.toMatchObject({ code: 'workspaces.secret_name_reserved' });
    await expect(set('TOKEN', 'é'.repeat(40_000))).rejects.toMatchObject({ code: 'workspaces.secret_too_large' });
  });

  it('are nobody else’s business', async () => {
    await set('TOKEN', CANARY);
    const as = bench.as(person('bob'));
    const refused = { code: 'workspaces.not_found' };
    await expect(bench.bus.call(method.listSecrets, { workspaceId }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.setSecret, { workspaceId, name: 'A', value: 'x' }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.deleteSecret, { workspaceId, name: 'TOKEN', ifMatch: '*' }, as)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.listSecretUsages, { workspaceId, name: 'TOKEN' }, as)).rejects.toMatchObject(refused);
  });

  it('are told of without their values', async () => {
    await set('TOKEN', CANARY);
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
    expect(events.map(({ type }) => type)).toEqual(['workspaces.created', 'workspaces.secrets.set']);
    expect(events.map(({ payload }) => Buffer.from(payload).toString()).join()).not.toContain(CANARY);
  });

  it('are told where they are named', async () => {
    await set('TOKEN', CANARY);
    const source = Buffer.from(
      "when: { endpoint: { verify: { preset: github, secret: '{{secret.TOKEN}}' } } }\ndo:\n  - fetch: { url: 'http://a.test', headers: { a: $secret:TOKEN } }\n  - fetch: { url: 'http://a.test', headers: { a: $secret:TOKEN_TWO } }\n",
    );
    await bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'a', source }, bench.as(ada));
    const { items } = await bench.bus.call(method.listSecretUsages, { workspaceId, name: 'TOKEN' }, bench.as(ada));
    expect(items).toMatchObject([
      { file: 'automations/a.yaml', line: 1 },
      { file: 'automations/a.yaml', line: 3 },
    ]);
  });
});

describe('sealed secrets', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let documents: SqliteDocuments;
  let keyValue: KeyValue;

  beforeEach(async () => {
    folder = temporaryFolder();
    documents = await SqliteDocuments.open(join(folder.path, 'workspaces.db'));
    ({ keyValue } = memoryPorts());
  });

  afterEach(async () => {
    await documents.close();
    folder[Symbol.dispose]();
  });

  const vault = async (given?: Uint8Array): Promise<EnvelopeVault> =>
    new EnvelopeVault(await documents.collection(DATA_KEYS), await MasterKeys.open(keyValue, given));

  it('open in their place, by any instance, and nowhere else', async () => {
    const sealed = await (await vault()).seal(PLACE, CANARY);
    expect(await (await vault()).open(PLACE, sealed)).toBe(CANARY);
    const other = { ...PLACE, workspaceId: 'ws_2' };
    await (await vault()).seal(other, 'x');
    for (const place of [other, { ...PLACE, name: 'B' }, { ...PLACE, version: 2 }]) {
      await expect((await vault()).open(place, sealed)).rejects.toMatchObject({ code: 'workspaces.secret_unreadable' });
    }
    for (const changed of ['', sealed.slice(4), sealed.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))]) {
      await expect((await vault()).open(PLACE, changed)).rejects.toMatchObject({ code: 'workspaces.secret_unreadable' });
    }
  });

  it('open by the key of before when operators give one of their own, and by no other', async () => {
    const sealed = await (await vault()).seal(PLACE, CANARY);
    const own = new Uint8Array(32).fill(1);
    expect(await (await vault(own)).open(PLACE, sealed)).toBe(CANARY);
    const later = { ...PLACE, workspaceId: 'ws_3' };
    const sealedLater = await (await vault(own)).seal(later, CANARY);
    await expect((await vault(new Uint8Array(32).fill(2))).open(later, sealedLater)).rejects.toMatchObject({
      code: 'workspaces.secret_unreadable',
    });
  });

  it('cannot be read in what is stored', async () => {
    await (await vault()).seal(PLACE, CANARY);
    const files = await readdir(folder.path);
    const stored = Buffer.concat(await Promise.all(files.map((file) => readFile(join(folder.path, file)))));
    expect(stored.includes(CANARY)).toBe(false);
    const made = await (await keyValue.bucket('vault')).get('master');
    expect(stored.includes(Buffer.from(made?.value ?? [0]))).toBe(false);
  });

  it('refuse a master key that is none', () => {
    expect(() => workspacesService({ MILLRACE_MASTER_KEY: 'c2hvcnQ=' })).toThrow(expect.objectContaining({ code: 'settings.invalid' }));
  });
});
