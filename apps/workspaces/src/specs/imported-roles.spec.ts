import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { ExchangeService, MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { ZipFile } from 'yazl';
import { interrupted, Interruptions } from '../../testing/interrupted';
import { workspacesService } from '../index';

const { listRoles, putRole, deleteRole } = RightsService.method;
const { inviteMember, updateMember } = MembersService.method;

const DESK = 'desk:\n  title: Desk\n  inherits: [night]\n  rules: [{ allow: [read], on: [events] }]\n';
const NIGHT = 'night:\n  rules: [{ deny: [delete], on: [runs] }]\n';

async function zipped(texts: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(texts)) zip.addBuffer(Buffer.from(text), path);
  zip.end();
  return Buffer.concat((await Array.fromAsync(zip.outputStream as AsyncIterable<unknown>)) as Uint8Array[]);
}

describe('the roles of an archive', () => {
  const interruptions = new Interruptions();
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId: string;
  let made = 0;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The bench has no service.');
    staged = new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids);
  });

  beforeEach(async () => {
    made += 1;
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: `Roles ${made}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const take = async (texts: Readonly<Record<string, string>>, fields: object = { workspaceId }) => {
    const { ref } = await staged.put(await zipped(texts));
    return bench.bus.call(ExchangeService.method.importWorkspace, { ref, ...fields }, bench.as(ada));
  };
  const roles = async () => {
    const { items } = await bench.bus.call(listRoles, { workspaceId }, bench.as(ada));
    return items.filter(({ builtIn }) => !builtIn).map(({ name, etag }) => `${name} ${etag}`);
  };
  const told = async (type: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    return Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }));
  };
  const refused = (reason: string) => expect.objectContaining({ outcome: 'refused', reason: expect.stringContaining(reason) });

  it('hold, whichever of them inherits from which, and are told each', async () => {
    const { report, problems } = await take({ 'roles.yaml': `${DESK}${NIGHT}` });
    expect([report.map(({ file, outcome }) => [file, outcome]), problems]).toEqual([[['roles.yaml', 'same']], []]);
    expect(await roles()).toEqual(['desk 1', 'night 1']);
    expect((await told('workspaces.roles.changed')).map(({ subject }) => subject)).toEqual(['role/desk', 'role/night']);
  });

  it('that are as they were stay untouched, and what the archive does not name stays', async () => {
    await take({ 'roles.yaml': `${DESK}${NIGHT}` });
    await bench.bus.call(putRole, { workspaceId, role: 'guests', title: '' }, bench.as(ada));
    await take({ 'roles.yaml': `${DESK}night:\n  title: Night\n` });
    expect(await roles()).toEqual(['desk 1', 'guests 1', 'night 2']);
    expect(await told('workspaces.roles.changed')).toHaveLength(4);
  });

  it('are only told of when it is tried, in a workspace there is and in a new one', async () => {
    for (const fields of [
      { workspaceId, dryRun: true },
      { name: 'Never', dryRun: true },
    ]) {
      expect((await take({ 'roles.yaml': `${DESK}${NIGHT}` }, fields)).report).toMatchObject([{ outcome: 'same' }]);
      expect((await take({ 'roles.yaml': DESK }, fields)).report).toEqual([refused('There is no role "night".')]);
    }
    expect(await roles()).toEqual([]);
  });

  it.each([
    ['inherit from themselves', 'a-b: { inherits: [c-d] }\nc-d: { inherits: [a-b] }\n', 'would inherit from itself'],
    ['change what every workspace has', 'owner: { rules: [{ allow: [read], on: [files] }] }\n', 'is a role of every workspace'],
    ['say what no rule can', 'a-b: { rules: [{ allow: [fly], on: [files] }] }\n', '/a-b/rules/0/allow/0'],
    ['cannot be read', 'a-b: [\n', 'none of its roles holds'],
    ['are too many', Array.from({ length: 101 }, (_, index) => `role-${index}: {}\n`).join(''), 'at most 100 roles'],
  ])('that %s are refused all together, and kept as a file', async (_, text, reason) => {
    const { applied, report, problems } = await take({ 'roles.yaml': `mild: {}\n${text}` });
    expect([applied, report, problems.map(({ code }) => code)]).toEqual([true, [refused(reason)], ['file-unheeded']]);
    expect(await roles()).toEqual([]);
  });

  it('of the seed system hold, too, or are refused under the name they had', async () => {
    const seed = (rule: string) => ({
      'index.yml': 'name: Seed\n',
      'security.yml': `authorizations: { roles: { editor: {} }, rules: [${rule}] }\n`,
    });
    const { report } = await take(seed('{ action: read, subject: files }'));
    expect([report.map(({ outcome }) => outcome), await roles()]).toEqual([['translated', 'translated'], ['everyone 1']]);
    expect((await take(seed('{ action: read, subject: pages }'))).report).toContainEqual(
      expect.objectContaining({ file: 'security.yml', outcome: 'refused', reason: expect.stringContaining('There is no subject "pages"') }),
    );
  });

  it('make the whole fail when the store is away; the same again brings them', async () => {
    interruptions.before('roles', 'update', () =>
      Promise.reject(new DomainError('documents.unavailable', 'unavailable', 'The store is away.')),
    );
    await expect(take({ 'roles.yaml': NIGHT })).rejects.toMatchObject({ refusal: 'unavailable' });
    expect(await roles()).toEqual([]);
    await take({ 'roles.yaml': NIGHT });
    expect(await roles()).toEqual(['night 1']);
  });

  describe('and every other way to lift what is denied', () => {
    const lead = [{ allow: ['manage'], on: ['members', 'roles'] }];
    const put = (role: string, rules: object[], who = ada) =>
      bench.bus.call(putRole, { workspaceId, role, rules, ifMatch: '*' }, bench.as(who));
    const exceeded = { code: 'roles.manage_exceeded', refusal: 'forbidden' };
    let memberId: string;

    beforeEach(async () => {
      const { role } = await bench.bus.call(putRole, { workspaceId, role: 'lead', rules: lead }, bench.as(ada));
      expect(role?.name).toBe('lead');
      await bench.bus.call(
        putRole,
        { workspaceId, role: 'limits', rules: [{ deny: ['read'], on: ['roles'], reason: 'Why.' }] },
        bench.as(ada),
      );
      const asked = { workspaceId, userId: 'bob', roles: ['lead', 'limits'] };
      memberId = (await bench.bus.call(inviteMember, asked, bench.as(ada))).member?.id ?? '';
    });

    it('are refused to who is limited by it', async () => {
      await expect(put('limits', [], bob)).rejects.toMatchObject(exceeded);
      await expect(bench.bus.call(deleteRole, { workspaceId, role: 'limits', ifMatch: '*' }, bench.as(bob))).rejects.toMatchObject(
        exceeded,
      );
      const roles = { workspaceId, memberId, roles: ['lead'], ifMatch: '*' };
      await expect(bench.bus.call(updateMember, roles, bench.as(bob))).rejects.toMatchObject(exceeded);
    });

    it('stay open for owners, and whatever keeps the denial for everybody', async () => {
      await put('limits', [
        { deny: ['read'], on: ['roles'], reason: 'Another.' },
        { deny: ['delete'], on: ['runs'] },
      ]);
      await put('limits', [{ deny: ['read'], on: ['roles'] }], ada);
      await bench.bus.call(updateMember, { workspaceId, memberId, roles: ['lead'], ifMatch: '*' }, bench.as(ada));
      await bench.bus.call(deleteRole, { workspaceId, role: 'limits', ifMatch: '*' }, bench.as(ada));
    });
  });
});
