import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, MembersService, RightsService, RunsService, WorkspacesService } from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';

const PASSWORD = 'a-password-for-tests';
const { createAutomation, createWorkspace, publishVersion } = WorkspacesService.method;
const WORKSPACE = { workspaceId: 'hotel' };

const AUTOMATIONS = {
  refund:
    'authorizations: { action: refund }\nwhen: { events: refund.asked, endpoint: { access: signed-in } }\ndo: [{ emit: { event: refund.made, payload: { by: "{{user.id}}" } } }]\noutput: made\n',
  desk: 'when: { endpoint: { access: signed-in } }\ndo: [{ refund: { output: said } }]\noutput: "{{said}}"\n',
};

describe('an automation that wants an action allowed', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let bob: MillraceClient;

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    bob = await signedIn(millrace.url, 'bob', PASSWORD);
    await ada.call(createWorkspace, { name: 'Hotel' });
    for (const [slug, source] of Object.entries(AUTOMATIONS)) await ada.call(createAutomation, { ...WORKSPACE, slug, source });
    await ada.call(publishVersion, WORKSPACE);
    const { id } = (await (await bob.fetch('/v1/me')).json()) as JsonMap;
    const rules = [{ allow: ['create'], on: ['events'] }];
    await ada.call(RightsService.method.putRole, { ...WORKSPACE, role: 'desk', rules });
    await ada.call(MembersService.method.inviteMember, { ...WORKSPACE, userId: id as string, roles: ['desk'] });
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const call = async (who: MillraceClient, path: string): Promise<unknown> => {
    const answer = await who.fetch(`/e/hotel/${path}`, { method: 'POST' });
    return answer.ok ? answer.text() : ((await answer.json()) as JsonMap)['code'];
  };
  const until = async (who: MillraceClient, path: string, wanted: string): Promise<unknown> => {
    let answer = await call(who, path);
    for (const deadline = Date.now() + 30_000; answer !== wanted && Date.now() < deadline;) answer = await call(who, path);
    return answer;
  };
  /** How the runs of it ended that were started by events. */
  const ends = async (): Promise<readonly unknown[]> => {
    const { items } = await ada.call(RunsService.method.listRuns, {
      ...WORKSPACE,
      where: "automation = 'refund' and trigger = 'event'",
    });
    return (items as readonly JsonMap[]).flatMap(({ state, error }) =>
      state === 'running' ? [] : [[state, (error as JsonMap | undefined)?.['code']]],
    );
  };
  const untilEnds = async (wanted: number): Promise<readonly unknown[]> => {
    let found = await ends();
    for (const deadline = Date.now() + 30_000; found.length < wanted && Date.now() < deadline;) found = await ends();
    return found;
  };

  it('refuses who has no rule for it, at its endpoint, by a call and by an event', async () => {
    expect(await until(ada, 'desk', 'made')).toBe('made');
    expect([await call(ada, 'refund'), await call(bob, 'refund'), await call(bob, 'desk')]).toEqual([
      'made',
      'automations.execute_denied',
      'runtime.forbidden',
    ]);
    await bob.call(EventsService.method.emitEvents, { ...WORKSPACE, events: [{ type: 'refund.asked' }] });
    expect(await untilEnds(1)).toEqual([['failed', 'runtime.forbidden']]);
  });

  it('lets in who is given the rule, as soon as they have it', async () => {
    const rules = [
      { allow: ['create'], on: ['events'] },
      { allow: ['execute:refund'], on: ['automations'] },
    ];
    await ada.call(RightsService.method.putRole, { ...WORKSPACE, role: 'desk', rules, ifMatch: '*' });
    expect(await until(bob, 'desk', 'made')).toBe('made');
    expect(await until(bob, 'refund', 'made')).toBe('made');
    await bob.call(EventsService.method.emitEvents, { ...WORKSPACE, events: [{ type: 'refund.asked' }] });
    expect((await untilEnds(2)).at(0)).toEqual(['succeeded', undefined]);
  });
});
