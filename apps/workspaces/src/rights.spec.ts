import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DraftsService, MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from './index';

const rights = RightsService.method;
const members = MembersService.method;
const drafts = DraftsService.method;
const { publishVersion } = WorkspacesService.method;
const { createWorkspace, getGrants, getWorkspace, listWorkspaces, listAutomations, getAutomation, putAutomation, deleteAutomation } =
  WorkspacesService.method;
const encoder = new TextEncoder();

describe('who may do what in a workspace', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;
  const ada = person('ada');
  const bob: Principal = { ...person('bob'), email: 'Bob@hotel.example', verified: true, groups: ['/desk'] };

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  beforeEach(async () => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Hotel ${count}`, slug: `hotel-${count}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  const invite = (userId: string, roles: string[], by: Principal = ada) =>
    bench.bus.call(members.inviteMember, { workspaceId, userId, roles }, bench.as(by));
  const putRole = (role: string, said: object, by: Principal = ada) =>
    bench.bus.call(rights.putRole, { workspaceId, role, ifMatch: '', ...said }, bench.as(by));
  const put = (slug: string, by: Principal = ada) =>
    bench.bus.call(putAutomation, { workspaceId, slug, source: encoder.encode(`do: []\noutput: ${slug}\n`), ifMatch: '' }, bench.as(by));
  const check = async (by: Principal, action: string, subject: string, id = '') => {
    const { results } = await bench.bus.call(
      rights.checkAccess,
      { checks: [{ workspace: workspaceId, action, subject, id }] },
      bench.as(by),
    );
    return results[0];
  };
  const told = async (): Promise<string[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
    return events.map(({ type }) => type).filter((type) => /roles|members/.test(type));
  };

  it('is what the roles of a member say, and nothing for a stranger', async () => {
    expect(await check(bob, 'read', 'automations')).toMatchObject({ allowed: false, reason: expect.stringContaining('no such workspace') });
    const { member } = await invite('bob', ['viewer']);
    expect(member).toMatchObject({ userId: 'bob', roles: ['viewer'], invitedBy: 'ada', etag: '1' });
    expect(await check(bob, 'read', 'automations')).toMatchObject({ allowed: true, conditional: false });
    expect(await check(bob, 'update', 'automations')).toMatchObject({ allowed: false, reason: 'No rule allows it.' });
    const { workspace } = await bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob));
    expect(workspace?.role).toBe('viewer');
    await bench.bus.call(
      members.updateMember,
      { workspaceId, memberId: member?.id ?? '', roles: ['editor'], ifMatch: '"1"' },
      bench.as(ada),
    );
    expect((await check(bob, 'update', 'automations'))?.allowed).toBe(true);
    const leave = (ifMatch: string) =>
      bench.bus.call(members.removeMember, { workspaceId, memberId: member?.id ?? '', ifMatch }, bench.as(bob));
    await expect(leave('')).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(leave('1')).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
      facts: { etag: '2', updatedBy: ada.id, updatedAt: expect.any(Number) },
    });
    await bench.bus.call(members.removeMember, { workspaceId, memberId: member?.id ?? '', ifMatch: '*' }, bench.as(bob));
    expect((await check(bob, 'read', 'automations'))?.allowed).toBe(false);
    expect(await told()).toEqual(['workspaces.members.joined', 'workspaces.members.changed', 'workspaces.members.left']);
  });

  it('is given to an e-mail address when it was verified, and shows in the list of whoever has it', async () => {
    await bench.bus.call(members.inviteMember, { workspaceId, email: 'bob@HOTEL.example', roles: ['operator'] }, bench.as(ada));
    await expect(
      bench.bus.call(members.inviteMember, { workspaceId, email: 'bob@hotel.example', roles: ['viewer'] }, bench.as(ada)),
    ).rejects.toMatchObject({
      code: 'workspaces.member_taken',
    });
    expect((await check({ ...bob, verified: false }, 'read', 'runs'))?.allowed).toBe(false);
    expect((await check(bob, 'cancel', 'runs'))?.allowed).toBe(true);
    const { items } = await bench.bus.call(listWorkspaces, {}, bench.as(bob));
    expect(items.map(({ id, role }) => [id, role])).toContainEqual([workspaceId, 'operator']);
    expect((await bench.bus.call(members.listMembers, { workspaceId }, bench.as(ada))).items).toHaveLength(1);
  });

  it('lists own workspaces first, then those of others, page by page', async () => {
    const carol = person('carol');
    const { workspace: own } = await bench.bus.call(createWorkspace, { name: 'Of Carol' }, bench.as(carol));
    await invite('carol', ['viewer']);
    const first = await bench.bus.call(listWorkspaces, { limit: 1 }, bench.as(carol));
    const second = await bench.bus.call(listWorkspaces, { limit: 1, cursor: first.nextCursor }, bench.as(carol));
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([own?.id, workspaceId]);
    expect(second.nextCursor).toBe('');
  });

  it('is what roles of the workspace say, once they are written, and no longer once they are deleted', async () => {
    const rule = { allow: ['read'], on: ['automations'], where: "slug starts with 'desk/'" };
    const { role } = await putRole('desk', { title: 'Front desk', rules: [rule] });
    expect(role).toMatchObject({ name: 'desk', title: 'Front desk', builtIn: false, etag: '1', updatedBy: 'ada' });
    await expect(putRole('desk', { rules: [rule] })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await invite('bob', ['desk']);
    expect(await check(bob, 'read', 'automations')).toMatchObject({ allowed: true, conditional: true });
    const { items } = await bench.bus.call(rights.listRoles, { workspaceId }, bench.as(ada));
    expect(items.map(({ name }) => name)).toEqual(['viewer', 'operator', 'editor', 'owner', 'desk']);
    await bench.bus.call(rights.deleteRole, { workspaceId, role: 'desk', ifMatch: '"1"' }, bench.as(ada));
    await expect(bench.bus.call(rights.deleteRole, { workspaceId, role: 'desk', ifMatch: '*' }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.role_not_found',
    });
    expect((await check(bob, 'read', 'automations'))?.allowed).toBe(false);
    expect(await told()).toEqual(['workspaces.roles.changed', 'workspaces.members.joined', 'workspaces.roles.deleted']);
  });

  it('shows and changes only the automations that conditions name, and tells nothing of the others', async () => {
    await putRole('desk', { rules: [{ allow: ['read', 'update', 'delete'], on: ['automations'], where: "slug starts with 'desk/'" }] });
    await invite('bob', ['desk']);
    for (const slug of ['a', 'desk/in', 'desk/out', 'z']) await put(slug);
    const as = bench.as(bob);
    const first = await bench.bus.call(listAutomations, { workspaceId, limit: 1 }, as);
    const second = await bench.bus.call(listAutomations, { workspaceId, limit: 1, cursor: first.nextCursor }, as);
    expect([...first.items, ...second.items].map(({ slug }) => slug)).toEqual(['desk/in', 'desk/out']);
    expect(second.nextCursor).toBe('');
    const missing = { code: 'workspaces.automation_not_found', refusal: 'not-found' };
    await expect(bench.bus.call(getAutomation, { workspaceId, slug: 'a' }, as)).rejects.toMatchObject(missing);
    await expect(bench.bus.call(getAutomation, { workspaceId, slug: 'none' }, as)).rejects.toMatchObject(missing);
    expect(await check(bob, 'read', 'automations', 'desk/in')).toMatchObject({ allowed: true, conditional: false });
    expect(await check(bob, 'read', 'automations', 'a')).toMatchObject({ allowed: false });
    await put('desk/new', bob);
    await expect(put('b', bob)).rejects.toMatchObject({ code: 'automations.update_denied' });
    await expect(bench.bus.call(deleteAutomation, { workspaceId, slug: 'a', ifMatch: '*' }, as)).rejects.toMatchObject({
      code: 'automations.delete_denied',
    });
    await bench.bus.call(deleteAutomation, { workspaceId, slug: 'desk/new', ifMatch: '*' }, as);
  });

  it('comes from claims without membership', async () => {
    await putRole('desk', { inherits: ['viewer'], grants: [{ claim: 'groups', contains: '/desk' }] });
    expect((await check(bob, 'read', 'runs'))?.allowed).toBe(true);
    expect((await check({ ...bob, groups: [] }, 'read', 'runs'))?.allowed).toBe(false);
    const { workspace } = await bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob));
    expect(workspace?.role).toBe('desk');
  });

  it('is nothing for everyone until the workspace says so', async () => {
    const anonymous: Principal = { kind: 'anonymous', id: 'anonymous', roles: [] };
    expect((await check(anonymous, 'read', 'events'))?.allowed).toBe(false);
    await putRole('everyone', { rules: [{ allow: ['read'], on: ['events'], where: "type = 'menu.*'" }] });
    expect(await check(anonymous, 'read', 'events')).toMatchObject({ allowed: true, conditional: true });
    await expect(bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.read_denied' });
  });

  it('cannot be given beyond what its author has', async () => {
    await putRole('lead', { inherits: ['viewer'], rules: [{ allow: ['manage'], on: ['roles', 'members'] }] });
    await invite('bob', ['lead']);
    const refused = { code: 'roles.manage_exceeded', refusal: 'forbidden' };
    await expect(putRole('more', { rules: [{ allow: ['delete'], on: ['runs'] }] }, bob)).rejects.toMatchObject(refused);
    await expect(putRole('more', { inherits: ['owner'] }, bob)).rejects.toMatchObject(refused);
    await expect(invite('carol', ['editor'], bob)).rejects.toMatchObject(refused);
    await putRole('less', { rules: [{ allow: ['read'], on: ['runs'] }] }, bob);
    const { member } = await invite('carol', ['less', 'viewer'], bob);
    await expect(
      bench.bus.call(members.updateMember, { workspaceId, memberId: member?.id ?? '', roles: ['owner'], ifMatch: '*' }, bench.as(bob)),
    ).rejects.toMatchObject(refused);
    const { member: strong } = await invite('dan', ['owner']);
    await expect(
      bench.bus.call(members.removeMember, { workspaceId, memberId: strong?.id ?? '', ifMatch: '*' }, bench.as(bob)),
    ).rejects.toMatchObject(refused);
  });

  it('refuses rules that could never be kept, and changes of what is built in', async () => {
    await expect(putRole('odd', { rules: [{ allow: ['read'], on: ['secrets'], where: "name = 'A'" }] })).rejects.toMatchObject({
      code: 'workspaces.role_invalid',
      errors: [{ pointer: '/rules/0/where', code: 'rule' }],
    });
    await expect(putRole('viewer', {})).rejects.toMatchObject({ code: 'workspaces.role_invalid' });
    await expect(invite('bob', ['nobody'])).rejects.toMatchObject({ code: 'workspaces.role_invalid' });
  });

  it('keeps an owner in: no rule denies them members and roles', async () => {
    await putRole('everyone', { rules: [{ deny: ['manage'], on: ['members', 'roles', 'runs'], reason: 'Closed.' }] });
    expect((await check(ada, 'manage', 'members'))?.allowed).toBe(true);
    expect(await check(ada, 'read', 'runs')).toMatchObject({ allowed: false, reason: 'Closed.' });
    await putRole('everyone', { rules: [], ifMatch: '*' });
    expect((await check(ada, 'read', 'runs'))?.allowed).toBe(true);
  });

  it('is explained to an owner: each rule, the one that decides, and the query', async () => {
    await putRole('desk', { rules: [{ allow: ['read'], on: ['events'], where: 'actor.id = ${user.id}' }] });
    await putRole('everyone', {
      rules: [{ deny: ['read'], on: ['events'], where: 'payload.site = ${claims.site}', reason: 'Other sites.' }],
    });
    await invite('bob', ['desk']);
    const explain = (principal: object, sample?: object) =>
      bench.bus.call(
        rights.explainAccess,
        {
          workspaceId,
          principal: { id: 'bob', ...principal },
          action: 'read',
          subject: 'events',
          ...(sample === undefined ? {} : { sample: encoder.encode(JSON.stringify(sample)) }),
        },
        bench.as(ada),
      );
    const blind = await explain({});
    expect(blind).toMatchObject({ decision: 'refused', query: 'nothing', roles: ['desk'], why: expect.stringContaining('Other sites.') });
    expect(blind.rules.map(({ role, outcome, decides }) => [role, outcome, decides])).toEqual([
      ['desk', 'depends', false],
      ['everyone', 'not-evaluated', true],
    ]);
    const claims = encoder.encode('{"site":"spa"}');
    const general = await explain({ claims });
    expect(general).toMatchObject({ decision: 'depends', query: "actor.id = 'bob' and not payload.site = 'spa'" });
    const sampled = await explain({ claims }, { actor: { id: 'bob' }, payload: { site: 'hall' } });
    expect(sampled).toMatchObject({ decision: 'allowed' });
    expect(sampled.rules.map(({ outcome }) => outcome)).toEqual(['matched', 'not-matched']);
    await expect(
      bench.bus.call(rights.explainAccess, { workspaceId, principal: { id: 'x' }, action: 'read', subject: 'events' }, bench.as(bob)),
    ).rejects.toMatchObject({
      code: 'roles.manage_denied',
    });
  });

  it('is handed to other services with its conditions', async () => {
    await putRole('desk', { rules: [{ allow: ['read'], on: ['events'], where: 'actor.id = ${user.id}', fields: ['payload.room'] }] });
    await invite('bob', ['desk']);
    const granted = await bench.bus.call(getGrants, { workspaceId }, bench.as(bob));
    expect(granted).toMatchObject({
      owner: false,
      roles: ['desk'],
      grants: [{ actions: ['read'], where: 'actor.id = ${user.id}', fields: ['payload.room'], role: 'desk' }],
    });
    expect((await bench.bus.call(getGrants, { workspaceId }, bench.as(ada))).owner).toBe(true);
  });

  it('has a role of any name that a role may have, and of none that is not there', async () => {
    const deletion = { workspaceId, role: 'constructor', ifMatch: '*' };
    await expect(putRole('constructor', { rules: [], ifMatch: '*' })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    await expect(bench.bus.call(rights.deleteRole, deletion, bench.as(ada))).rejects.toMatchObject({ code: 'workspaces.role_not_found' });
    expect(await putRole('constructor', { rules: [] })).toMatchObject({ role: { name: 'constructor', etag: '1' } });
    await bench.bus.call(rights.deleteRole, deletion, bench.as(ada));
  });

  describe('as its tests expect it', () => {
    const path = 'tests/desk.rules.yaml';
    const TESTS = [
      '- it: shows the desk its own guests',
      '  as: { roles: [desk], groups: [/desk] }',
      '  action: read',
      '  subject: events',
      '  object: { type: guests.arrived, payload: { team: /desk } }',
      '  expect: allowed',
      '- it: hides the guests of others',
      '  as: { roles: [desk], groups: [/night] }',
      '  action: read',
      '  subject: events',
      '  object: { payload: { team: /desk } }',
      '  expect: refused',
      '',
    ].join('\n');
    const putTests = (text: string, name = path, by: Principal = ada) =>
      bench.bus.call(drafts.putFileText, { workspaceId, path: name, text: encoder.encode(text), ifMatch: '' }, bench.as(by));
    const checkDraft = () => bench.bus.call(drafts.checkDraft, { workspaceId }, bench.as(ada));
    const publish = () => bench.bus.call(publishVersion, { workspaceId, message: '' }, bench.as(ada));

    it('is published when it holds, and refused with each rule when it does not', async () => {
      await putRole('desk', { rules: [{ allow: ['read'], on: ['events'], where: 'payload.team in ${user.groups}' }] });
      const { file } = await putTests(TESTS);
      expect(file).toMatchObject({ path, text: TESTS, etag: '1', updatedBy: 'ada' });
      expect(await checkDraft()).toMatchObject({ publishable: true, problems: [] });
      expect((await publish()).version?.number).toBe(1);
      await putRole('desk', { rules: [{ allow: ['read'], on: ['events'], where: "type = 'guests.*'" }], ifMatch: '*' });
      const { publishable, problems } = await checkDraft();
      expect([publishable, problems.map(({ file: at, line, code }) => [at, line, code])]).toEqual([true, []]);
      await putRole('desk', { rules: [{ allow: ['read'], on: ['events'] }], ifMatch: '*' });
      const broken = await checkDraft();
      expect(broken.publishable).toBe(false);
      expect(broken.problems).toMatchObject([
        {
          code: 'rule-test-failed',
          severity: 'error',
          file: path,
          line: 7,
          message: expect.stringContaining('expected refused, but it is allowed'),
        },
      ]);
      await expect(publish()).rejects.toMatchObject({
        code: 'workspaces.document_invalid',
        message: expect.stringContaining(`${path}:7:1`),
      });
      await bench.bus.call(drafts.deleteFileText, { workspaceId, path, ifMatch: '*' }, bench.as(ada));
      expect((await publish()).version?.number).toBe(2);
      await expect(bench.bus.call(drafts.getFileText, { workspaceId, path }, bench.as(ada))).rejects.toMatchObject({
        code: 'workspaces.draft_file_not_found',
      });
    });

    it.each([
      ['- it: x\n  action: read\n  subject: events\n  expect: maybe\n', 4],
      ['- it: x\n  action: read\n  subject: events\n  expect: allowed\n  als: {}\n', 1],
      ['- it: [x\n', 2],
      ['it: x\n', 1],
      [`- &a [x]\n- [${'*a, '.repeat(60)}]\n`, 1],
    ])('is not kept with a mistake: %j', async (text, line) => {
      await expect(putTests(text)).rejects.toMatchObject({
        code: 'workspaces.document_invalid',
        message: expect.stringContaining(`${path}:${line}:`),
      });
    });

    it('names roles that exist', async () => {
      await putTests('- it: x\n  as: { roles: [ghost] }\n  action: read\n  subject: events\n  expect: refused\n');
      expect((await checkDraft()).problems).toMatchObject([{ message: expect.stringContaining('no role "ghost"') }]);
    });

    it('stands in its own files, for whoever manages automations', async () => {
      await expect(putTests(TESTS, 'automations/a.yaml')).rejects.toMatchObject({ code: 'workspaces.path_refused' });
      await invite('bob', ['operator']);
      await expect(putTests(TESTS, path, bob)).rejects.toMatchObject({ code: 'automations.manage_denied' });
    });

    it('is warned of when a rule can never match', async () => {
      await putRole('odd', { rules: [{ allow: ['read'], on: ['events'], where: "type = 'a' and type = 'b'" }] });
      await put('a');
      const { version } = await publish();
      expect(version?.problems).toMatchObject([
        { code: 'rule-never-matches', severity: 'warning', message: expect.stringContaining('"odd"') },
      ]);
    });
  });
});
