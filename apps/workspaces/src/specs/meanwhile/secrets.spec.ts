import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SecretsService, WorkspacesService } from '@millrace/contracts';
import type { Collection } from '@millrace/documents';
import { servicePrincipal } from '@millrace/kernel';
import { RemoteFault } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import type { Secret } from '../../domain/secrets/secret';
import { SECRETS } from '../../infrastructure/file-collections';
import { workspacesService } from '../../index';

const { deleteSecret, listSecrets, listSecretUsages, resolveSecrets, setSecret } = SecretsService.method;

describe('secrets, many of them and while others are at work', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let secrets: Collection<Secret>;
  let workspaceId: string;
  const [ada, runtime] = [person('ada'), servicePrincipal('workspaces')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const [service] = bench.services;
    if (service === undefined) throw new Error('Nothing was started.');
    secrets = await service.parts.documents.collection(SECRETS);
  });

  beforeEach(async () => {
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Secrets', slug: slug() }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  let count = 0;
  const slug = () => `secrets-${(count += 1)}`;
  const set = (name: string, value: string, conditions: { ifMatch?: string; ifNoneMatch?: string } = {}) =>
    bench.bus.call(setSecret, { workspaceId, name, value, ...conditions }, bench.as(ada));
  const list = (page: { limit?: number; cursor?: string } = {}) => bench.bus.call(listSecrets, { workspaceId, ...page }, bench.as(ada));
  const resolve = async (name: string) =>
    (await bench.services[0]?.parts.bus.call(resolveSecrets, { workspaceId, names: [name] }, bench.as(runtime)))?.values[name];

  it('are listed by name, page by page', async () => {
    for (const name of ['C', 'A', 'B']) await set(name, 'x');
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor });
    expect([first, second].map(({ items }) => items.map(({ name }) => name))).toEqual([['A', 'B'], ['C']]);
    expect(second.nextCursor).toBe('');
  });

  it('are at most five hundred, of which each may change, and another one comes when one goes', async () => {
    await set('A', 'one');
    const { document } = await secrets.get(`${workspaceId}/A`);
    for (let index = 1; index < 500; index += 1) await secrets.insert({ ...document, name: `N_${index}` });
    await expect(set('Z', 'x')).rejects.toMatchObject({ code: 'workspaces.quota_reached', refusal: 'exhausted' });
    expect((await set('A', 'two', { ifMatch: '*' })).secret?.version).toBe(2);
    await bench.bus.call(deleteSecret, { workspaceId, name: 'N_7', ifMatch: '*' }, bench.as(ada));
    expect((await set('Z', 'x', { ifNoneMatch: '*' })).secret?.version).toBe(1);
  });

  it('are named nowhere when there is none', async () => {
    await expect(bench.bus.call(listSecretUsages, { workspaceId, name: 'NONE' }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.secret_not_found',
    });
  });

  it('note the day they were used, once, and are had without the note', async () => {
    await set('A', 'one');
    interruptions.fail('secrets', 'update');
    expect(await resolve('A')).toBe('one');
    expect((await list()).items[0]?.lastUsedAt).toBeUndefined();
    expect(await resolve('A')).toBe('one');
    for (const deadline = AbortSignal.timeout(10_000); (await list()).items[0]?.lastUsedAt === undefined;) deadline.throwIfAborted();
    const noted = (await secrets.get(`${workspaceId}/A`)).revision;
    expect(await resolve('A')).toBe('one');
    await set('B', 'x');
    expect((await secrets.get(`${workspaceId}/A`)).revision).toBe(noted);
  });

  it('are told to have changed to whoever sets one that another one sets in that moment', async () => {
    const refused = { code: 'workspaces.precondition_failed', refusal: 'conflict' };
    interruptions.before('secrets', 'insert', () => set('A', 'theirs'));
    await expect(set('A', 'mine')).rejects.toMatchObject(refused);
    interruptions.before('secrets', 'update', () => set('A', 'theirs again', { ifMatch: '*' }));
    await expect(set('A', 'mine', { ifMatch: '"1"' })).rejects.toMatchObject(refused);
    expect(await resolve('A')).toBe('theirs again');
  });

  it('are gone as was wished when another one deletes them first', async () => {
    await set('A', 'one');
    const remove = () => bench.bus.call(deleteSecret, { workspaceId, name: 'A', ifMatch: '*' }, bench.as(ada));
    interruptions.before('secrets', 'update', remove);
    await remove();
    expect((await list()).items).toEqual([]);
  });

  it('did not change when the store fails', async () => {
    interruptions.fail('secrets', 'insert');
    await expect(set('A', 'one')).rejects.toThrow(RemoteFault);
    await set('A', 'one');
    interruptions.fail('secrets', 'update');
    await expect(set('A', 'two', { ifMatch: '*' })).rejects.toThrow(RemoteFault);
    expect((await list()).items).toMatchObject([{ name: 'A', version: 1 }]);
  });
});
