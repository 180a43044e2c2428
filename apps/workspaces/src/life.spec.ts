import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LifeService, MembersService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';
import { MEMBERS } from './infrastructure/collections';

const { suspendWorkspace, restoreWorkspace, duplicateWorkspace } = LifeService.method;
const { createWorkspace, getWorkspace, deleteWorkspace, putAutomation, publishVersion, listAutomations, updateWorkspace } =
  WorkspacesService.method;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the life of a workspace', () => {
  let bench: ServiceBench;
  const ada = person('ada');
  const bob = person('bob');
  const operator: Principal = { ...person('olga'), roles: ['platform-operator'] };
  let count = 0;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<{ id: string; slug: string }> => {
    const name = `Life ${(count += 1)}`;
    const { workspace } = await bench.bus.call(createWorkspace, { name }, bench.as(ada));
    const { id = '', slug = '' } = workspace ?? {};
    const put = { workspaceId: id, slug: 'greet', source: bytes('do: []\noutput: hi\n') };
    await bench.bus.call(putAutomation, put, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId: id }, bench.as(ada));
    return { id, slug };
  };

  const suspend = async (workspaceId: string, fields: object, who = ada) =>
    (await bench.bus.call(suspendWorkspace, { workspaceId, ...fields }, bench.as(who))).workspace;

  const record = async (workspaceId: string): Promise<unknown> => {
    const entry = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
    return entry === undefined ? undefined : JSON.parse(Buffer.from(entry.value).toString('utf8'));
  };

  const told = async (workspaceId: string, type: string): Promise<unknown[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }));
    return events.map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as unknown);
  };

  const rename = (workspaceId: string) => bench.bus.call(updateWorkspace, { workspaceId, description: 'new', ifMatch: '*' }, bench.as(ada));

  it('stands still in part while its people go on working, and runtimes are told what stands', async () => {
    const { id } = await create();
    const frozen = await suspend(id, { suspended: true, freezes: ['endpoints', 'schedules'], reason: 'Too many bookings.' });
    expect(frozen).toMatchObject({ state: 'active', freezes: ['schedules', 'endpoints'], suspensionReason: 'Too many bookings.' });
    expect(await record(id)).toMatchObject({ freezes: ['schedules', 'endpoints'] });
    await rename(id);
    expect(await suspend(id, { suspended: false })).toMatchObject({ state: 'active', freezes: [], suspensionReason: '' });
    expect(await record(id)).toMatchObject({ freezes: [] });
    expect(await told(id, 'workspaces.suspended')).toEqual([{ freezes: ['schedules', 'endpoints'], reason: 'Too many bookings.' }]);
    expect(await told(id, 'workspaces.resumed')).toHaveLength(1);
  });

  it('stands still as a whole: its owner may read and start it again, nobody may do more', async () => {
    const { id } = await create();
    await suspend(id, { suspended: true });
    expect(await record(id)).toMatchObject({ freezes: ['schedules', 'endpoints', 'events'] });
    await expect(rename(id)).rejects.toMatchObject({ refusal: 'forbidden' });
    expect((await bench.bus.call(getWorkspace, { workspaceId: id }, bench.as(ada))).workspace?.state).toBe('suspended');
    await suspend(id, { suspended: true });
    await suspend(id, { suspended: false });
    await suspend(id, { suspended: false });
    await rename(id);
    expect([(await told(id, 'workspaces.suspended')).length, (await told(id, 'workspaces.resumed')).length]).toEqual([1, 1]);
  });

  it('stopped by operators is started by operators alone', async () => {
    const { id } = await create();
    await suspend(id, { suspended: true, reason: 'Spam.' }, operator);
    const refused = { code: 'workspaces.suspended_by_operators', refusal: 'forbidden' };
    await expect(suspend(id, { suspended: false })).rejects.toMatchObject(refused);
    await expect(suspend(id, { suspended: true, freezes: ['events'] })).rejects.toMatchObject(refused);
    await suspend(id, { suspended: false }, operator);
    await rename(id);
  });

  it('is in the hands of nobody else', async () => {
    const { id, slug } = await create();
    await expect(suspend(id, { suspended: true }, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(bench.bus.call(restoreWorkspace, { workspaceId: id }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
    const copy = { workspaceId: id, name: 'Mine now' };
    await bench.bus.call(deleteWorkspace, { workspaceId: id, ifMatch: '*' }, bench.as(ada));
    await expect(bench.bus.call(restoreWorkspace, { workspaceId: slug }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
    await expect(bench.bus.call(duplicateWorkspace, copy, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    const reading = bench.as({ ...ada, scopes: ['read:automations'] });
    await expect(bench.bus.call(createWorkspace, { name: 'Mine too' }, reading)).rejects.toMatchObject({ code: 'auth.scope_missing' });
  });

  it('comes back within thirty days, with another slug where its own is taken', async () => {
    const { id, slug } = await create();
    await bench.bus.call(deleteWorkspace, { workspaceId: id, ifMatch: '*' }, bench.as(ada));
    expect(await record(id)).toBeUndefined();
    await bench.bus.call(createWorkspace, { name: 'Other', slug }, bench.as(bob));
    const restore = (fields: object, who = ada) => bench.bus.call(restoreWorkspace, { workspaceId: id, ...fields }, bench.as(who));
    await expect(restore({}, bob)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(restore({})).rejects.toMatchObject({ code: 'workspaces.slug_taken' });
    const { workspace } = await restore({ slug: `${slug}-again` });
    expect(workspace).toMatchObject({ id, slug: `${slug}-again`, state: 'active', activeVersion: { number: 1 } });
    expect(await record(id)).toMatchObject({ slug: `${slug}-again` });
    expect(await told(id, 'workspaces.deleted')).toMatchObject([{ purgeAt: expect.any(Number) }]);
    expect(await told(id, 'workspaces.restored')).toEqual([{ slug: `${slug}-again` }]);
  });

  it('is copied: files and, when asked, members; of a version or of the draft', async () => {
    const { id } = await create();
    await bench.bus.call(putAutomation, { workspaceId: id, slug: 'later', source: bytes('do: []\n') }, bench.as(ada));
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId: id, userId: 'carol', roles: ['editor'] }, bench.as(ada));
    const copy = async (fields: object): Promise<string> => {
      const { workspace } = await bench.bus.call(duplicateWorkspace, { workspaceId: id, ...fields }, bench.as(ada));
      return workspace?.id ?? '';
    };
    const slugs = async (workspaceId: string, who: Principal) =>
      (await bench.bus.call(listAutomations, { workspaceId }, bench.as(who))).items.map(({ slug }) => slug);
    const whole = await copy({ name: 'Copy of the draft', with: ['members'] });
    expect(await slugs(whole, person('carol'))).toEqual(['greet', 'later']);
    const published = await copy({ name: 'Copy of the version', version: '1' });
    expect(await slugs(published, ada)).toEqual(['greet']);
    await expect(slugs(published, person('carol'))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    expect(await told(whole, 'workspaces.duplicated')).toEqual([{ from: id }]);
    await bench.bus.call(publishVersion, { workspaceId: whole }, bench.as(ada));
  });

  it('is copied under the slug that was asked for, with all its members, those known by their addresses, too', async () => {
    const { id, slug } = await create();
    await bench.bus.call(
      MembersService.method.inviteMember,
      { workspaceId: id, email: 'Dan@hotel.test', roles: ['viewer'] },
      bench.as(ada),
    );
    const members = await bench.services[0]?.parts.documents.collection(MEMBERS);
    for (let index = 0; index < 200; index += 1) {
      const member = { id: `mem_${index}`, workspaceId: id, user: `u${index}`, roles: ['viewer'], invitedBy: 'ada', createdAt: 0 };
      await members?.insert(member);
    }
    const asked = { workspaceId: id, name: 'Copy of many', slug: `${slug}-copy`, with: ['members'] };
    const { workspace } = await bench.bus.call(duplicateWorkspace, asked, bench.as(ada));
    expect(workspace?.slug).toBe(`${slug}-copy`);
    const joined = await told(workspace?.id ?? '', 'workspaces.members.changed');
    expect(joined).toHaveLength(201);
    expect(joined.filter((payload) => !Object.hasOwn(payload as object, 'user'))).toHaveLength(1);
    const dan: Principal = { ...person('dan'), email: 'dan@hotel.test', verified: true };
    expect((await bench.bus.call(getWorkspace, { workspaceId: workspace?.id ?? '' }, bench.as(dan))).workspace?.role).toBe('viewer');
  });
});
