import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DraftsService, MembersService, RightsService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { method: drafts } = DraftsService;
const ROLES = 'desk:\n  rules:\n    - { allow: [read], on: [events], where: "type = \'salaries.paid\'" }\n';
const TEST = '- it: desks see nothing\n  as: { roles: [desk] }\n  action: read\n  subject: events\n  expect: allowed\n';

describe('what the roles of a workspace say', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  let bench: ServiceBench;
  let workspaceId = '';

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const as = bench.as(ada);
    workspaceId = (await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Hotel' }, as)).workspace?.id ?? '';
    const files = { 'workspace.yaml': 'name: Hotel\n', 'roles.yaml': ROLES };
    await bench.bus.call(drafts.applyDraft, { workspaceId, files, ifMatch: '*' }, as);
    await bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, as);
    const changed = { 'roles.yaml': ROLES.replace('salaries', 'wages') };
    await bench.bus.call(drafts.applyDraft, { workspaceId, files: changed, ifMatch: '*' }, as);
    const rules = [{ allow: ['read'], on: ['events'], where: "type = 'a.b' and type = 'salaries.paid'" }];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules, ifNoneMatch: '*' }, as);
    const text = Buffer.from(TEST);
    await bench.bus.call(drafts.putFileText, { workspaceId, path: 'tests/desk.rules.yaml', text, ifMatch: '' }, as);
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['editor'] }, as);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  /** Everything that the caller is shown of drafts and versions. */
  const shownTo = async (who: typeof ada) => {
    const as = bench.as(who);
    const pieces = bench.bus.stream(VersionsService.method.exportVersion, { workspaceId, version: '1', format: 'tar.gz' }, as);
    const archive = Buffer.concat((await Array.fromAsync(pieces)).map(({ bytes }) => bytes));
    const dryRun = { workspaceId, files: { 'automations/a.yaml': 'do: []\n' }, dryRun: true, ifMatch: '*' };
    return {
      draft: (await bench.bus.call(drafts.getDraft, { workspaceId }, as)).draft?.files.map(({ path }) => path),
      diff: (await bench.bus.call(VersionsService.method.diffVersions, { workspaceId, version: '1', with: 'draft' }, as)).files,
      plan: (await bench.bus.call(drafts.applyDraft, dryRun, as)).problems,
      check: (await bench.bus.call(drafts.checkDraft, { workspaceId }, as)).problems,
      export: gunzipSync(archive).toString('utf8'),
    };
  };

  it('is shown to who may read roles: in drafts, diffs, plans, checks and exports', async () => {
    const shown = await shownTo(ada);
    expect(shown.draft).toContain('roles.yaml');
    expect(shown.diff.find(({ path }) => path === 'roles.yaml')?.text).toContain('wages');
    expect(shown.plan.map(({ code }) => code)).toContain('rule-never-matches');
    expect(shown.check.find(({ code }) => code === 'rule-test-failed')?.message).toContain('salaries');
    expect(shown.export).toContain('salaries');
  });

  it('is shown to nobody else, though that they changed and that a test of them fails is', async () => {
    const shown = await shownTo(bob);
    expect(shown.draft).toEqual(['tests/desk.rules.yaml', 'workspace.yaml']);
    expect(shown.diff.find(({ path }) => path === 'roles.yaml')).toMatchObject({ kind: 'changed', text: '', changes: [] });
    expect(shown.plan.map(({ code }) => code)).toContain('rule-test-failed');
    expect(shown.check.find(({ code }) => code === 'rule-test-failed')?.message).toContain('Who may read roles is told why.');
    expect(shown.export).toContain('workspace.yaml');
    expect(JSON.stringify(shown)).not.toMatch(/salaries|wages|rule-never-matches/);
    await expect(bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, bench.as(bob))).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      message: expect.not.stringContaining('salaries'),
    });
  });
});
