import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DraftsService, LifeService, MembersService, RightsService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../../testing/interrupted';
import { workspacesService } from '../../index';

const { applyDraft, discardDraft, getDraft } = DraftsService.method;
const { createWorkspace, publishVersion } = WorkspacesService.method;

const TYPE = 'type: room.booked\nschema: { type: object }\n';
const A = 'automations/a.yaml';

describe('files of a draft that other calls write', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let workspaceId: string;
  let made = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  beforeEach(async () => {
    made += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Files ${made}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    const rules = [
      { allow: ['manage'], on: ['automations'] },
      { allow: ['update'], on: ['event-types'] },
    ];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'author', rules }, bench.as(ada));
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['author'] }, bench.as(ada));
  });

  afterEach(() => {
    expect(interruptions.isOver()).toBe(true);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const apply = (files: Readonly<Record<string, string>>, more: object = {}, who = bob) =>
    bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files, ...more }, bench.as(who));
  const paths = async () => (await bench.bus.call(getDraft, { workspaceId }, bench.as(ada))).draft?.files.map(({ path }) => path);

  it.each([
    ['workspace.yaml', 'language: 1\n', 'config.update_denied'],
    ['apps.yaml', '{}\n', 'apps.create_denied'],
    ['apps.lock', '{}\n', 'apps.create_denied'],
  ])('are changed by who may make those calls: %s', async (path, text, code) => {
    await expect(apply({ [path]: text, [A]: 'do: []\n' })).rejects.toMatchObject({ code });
    await expect(apply({ [path]: text }, { dryRun: true })).rejects.toMatchObject({ code });
    expect(await paths()).toEqual([]);
    await apply({ [path]: text }, {}, ada);
    await apply({ [path]: text, [A]: 'do: []\n' });
    expect(await paths()).toEqual([path, A].sort());
  });

  it('as event types, go with the right to delete them, and stay where nobody asks for them to go', async () => {
    await apply({ 'events/room.booked.yaml': TYPE });
    await expect(apply({ [A]: 'do: []\n' }, { prune: true })).rejects.toMatchObject({ code: 'event-types.delete_denied' });
    await apply({ [A]: 'do: []\n' });
    expect(await paths()).toEqual([A, 'events/room.booked.yaml']);
  });

  it('are looked at again when they come meanwhile', async () => {
    interruptions.before('drafts', 'update', () => apply({ 'events/room.booked.yaml': TYPE }, {}, ada));
    await expect(apply({ [A]: 'do: []\n' }, { prune: true })).rejects.toMatchObject({ code: 'event-types.delete_denied' });
    expect(await paths()).toEqual(['events/room.booked.yaml']);
  });

  it('are neither laid out nor put back by who may not change them', async () => {
    await apply({ 'workspace.yaml': 'language: 1\n', [A]: 'do: []\n' }, {}, ada);
    await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
    await apply({ 'workspace.yaml': 'language: 1\nname: Mill\n' }, { prune: true }, ada);
    const denied = { code: 'config.update_denied' };
    const checkout = { workspaceId, version: '1' };
    await expect(bench.bus.call(VersionsService.method.checkoutVersion, checkout, bench.as(bob))).rejects.toMatchObject(denied);
    const discard = { workspaceId, ifMatch: '*' };
    await expect(bench.bus.call(discardDraft, discard, bench.as(bob))).rejects.toMatchObject(denied);
    expect(await paths()).toEqual(['workspace.yaml']);
    await bench.bus.call(discardDraft, { ...discard, paths: [A] }, bench.as(bob));
    expect(await paths()).toEqual([A, 'workspace.yaml']);
  });

  it('as what is written of roles, are not copied by who may not read roles', async () => {
    await apply({ 'roles.yaml': '{}\n', [A]: 'do: []\n' });
    const copied = async (who: typeof bob) => {
      const { workspace } = await bench.bus.call(
        LifeService.method.duplicateWorkspace,
        { workspaceId, name: `Of ${who.id} ${made}` },
        bench.as(who),
      );
      const { draft } = await bench.bus.call(getDraft, { workspaceId: workspace?.id ?? '' }, bench.as(who));
      return draft?.files.map(({ path }) => path);
    };
    expect(await copied(bob)).toEqual([A]);
    expect(await copied(ada)).toEqual([A, 'roles.yaml']);
  });
});
