import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DraftsService,
  KeysService,
  MembersService,
  QuotasService,
  RightsService,
  SecretsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

/** What no operator sets. */
const OTHERS = [
  ['apps', 100n],
  ['draft-files', 5000n, 1n],
  ['file-bytes', 10n * 1024n ** 3n],
  ['files', 100_000n],
  ['keys', 100n],
  ['labels', 20n],
  ['members', 1000n],
  ['origins', 50n],
  ['roles', 100n],
  ['secrets', 500n],
  ['shares', 500n],
  ['versions', 200n],
].map(([name, most, used = 0n]) => ({ name, most, used, source: 'platform' }));
const { getQuotas, setQuotas } = QuotasService.method;

describe('the quotas of a workspace', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  let made = 0;
  const ada = person('ada');
  const olga: Principal = { ...person('olga'), roles: ['platform-operator'] };

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  beforeEach(async () => {
    made += 1;
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: `Quota ${made} here` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const put = (slug: string) =>
    bench.bus.call(WorkspacesService.method.putAutomation, { workspaceId, slug, source: Buffer.from('do: []\n') }, bench.as(ada));
  const set = (automations: number, who = olga, ifMatch = '*') =>
    bench.bus.call(setQuotas, { workspaceId, quotas: { automations }, ifMatch }, bench.as(who));
  const told = async (): Promise<readonly unknown[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.quotas.>`, { live: false }));
    return events.map(({ type, payload }) => [type, JSON.parse(Buffer.from(payload).toString('utf8')) as unknown]);
  };

  it('are the platform’s until an operator sets others, and show what is used', async () => {
    await put('a');
    const { items, etag } = await bench.bus.call(getQuotas, { workspaceId }, bench.as(ada));
    expect([items, etag]).toMatchObject([
      [
        { name: 'automations', most: 2000n, used: 1n, source: 'platform' },
        { name: 'event-types', most: 500n, used: 0n, source: 'platform' },
        ...OTHERS,
      ],
      '0',
    ]);
    const set3 = await set(3, olga, etag);
    expect(set3).toMatchObject({
      items: [{ most: 3n, source: 'workspace' }, { source: 'platform' }, ...OTHERS],
      etag: expect.stringMatching(/^[1-9]/),
    });
    await expect(set(4, olga, '')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    const late = { code: 'workspaces.precondition_failed', facts: { etag: '1', updatedBy: olga.id, updatedAt: expect.any(Number) } };
    await expect(set(4, olga, '0')).rejects.toMatchObject(late);
    expect(await set(0, olga, '*')).toMatchObject({ items: [{ most: 2000n, source: 'platform' }, {}, ...OTHERS] });
  });

  it('show what else there may be only so much of, and how much there is', async () => {
    const as = bench.as(ada);
    await bench.bus.call(SecretsService.method.setSecret, { workspaceId, name: 'KEY', value: 'x' }, as);
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, as);
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'guest', rules: [{ allow: ['read'], on: ['files'] }] }, as);
    await bench.bus.call(KeysService.method.createKey, { workspaceId, name: 'k', role: 'viewer' }, as);
    const { items } = await bench.bus.call(getQuotas, { workspaceId }, as);
    const used = Object.fromEntries(items.map((item) => [item.name, item.used]));
    expect(used).toMatchObject({ files: 0n, 'file-bytes': 0n, keys: 1n, members: 1n, roles: 1n, secrets: 1n, shares: 0n });
  });

  const usedNow = async () => {
    const { items } = await bench.bus.call(getQuotas, { workspaceId }, bench.as(ada));
    return Object.fromEntries(items.map(({ name, used }) => [name, used]));
  };

  it('show what a workspace holds itself: as many as it may have are let in, and one more is refused', async () => {
    const update = (said: object) =>
      bench.bus.call(WorkspacesService.method.updateWorkspace, { workspaceId, ifMatch: '*', ...said }, bench.as(ada));
    const many = (count: number, text: string) => Array.from({ length: count }, (_, n) => `${text}${n}`);
    const labelled = (count: number) => update({ labels: { items: many(count, 'label-') } });
    const open = (count: number) => update({ settings: { allowedOrigins: many(count, 'https://shop') } });
    await Promise.all([labelled(20), open(50)]);
    await expect(labelled(21)).rejects.toMatchObject({ refusal: 'invalid' });
    await expect(open(51)).rejects.toMatchObject({ refusal: 'invalid' });
    await put('a');
    await bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, bench.as(ada));
    expect(await usedNow()).toMatchObject({ labels: 20n, origins: 50n, 'draft-files': 1n, versions: 1n });
  });

  it('count the apps of a draft, and none where nobody can read them', async () => {
    const apply = (text: string) => {
      const files = { 'apps.yaml': text };
      return bench.bus.call(
        DraftsService.method.applyDraft,
        { workspaceId, files, ifMatch: '*', prefer: 'handling=lenient' },
        bench.as(ada),
      );
    };
    await apply('crm: { app: crm, version: ^1.0.0 }\nmail: { app: mail, version: ^1.0.0 }\n');
    expect(await usedNow()).toMatchObject({ apps: 2n, 'draft-files': 1n });
    await apply('crm: []\n');
    expect(await usedNow()).toMatchObject({ apps: 0n, 'draft-files': 1n });
  });

  it('are told of when they fill, and keep what is more out, whole batches too', async () => {
    await set(5);
    for (const slug of ['a', 'b', 'c', 'd', 'e']) await put(slug);
    await expect(put('f')).rejects.toMatchObject({ code: 'workspaces.quota_reached', refusal: 'exhausted', facts: { limit: 5 } });
    const files = { 'automations/g.yaml': 'do: []\n', 'automations/h.yaml': 'do: []\n' };
    const apply = bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files, ifMatch: '*' }, bench.as(ada));
    await expect(apply).rejects.toMatchObject({ code: 'workspaces.quota_reached' });
    expect(await told()).toEqual([
      ['workspaces.quotas.changed', { changed: ['automations'] }],
      ['workspaces.quotas.reached', { quota: 'automations', used: 4, limit: 5 }],
    ]);
  });

  it('take away nothing that is there already', async () => {
    for (const slug of ['a', 'b', 'c']) await put(slug);
    await set(2);
    await bench.bus.call(WorkspacesService.method.deleteAutomation, { workspaceId, slug: 'a', ifMatch: '*' }, bench.as(ada));
    await expect(put('d')).rejects.toMatchObject({ code: 'workspaces.quota_reached' });
  });

  it('are set by operators of the platform alone', async () => {
    await expect(set(9, ada)).rejects.toMatchObject({ code: 'quotas.update_denied', refusal: 'forbidden' });
    await expect(set(9, person('bob'))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    workspaceId = 'none-there';
    await expect(set(9)).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });
});
