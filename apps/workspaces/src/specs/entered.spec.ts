import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MembersService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, getGrants, getWorkspace, updateWorkspace } = WorkspacesService.method;
const { inviteMember } = MembersService.method;

describe('who runs the platform', () => {
  const ada = person('ada');
  const admin: Principal = { ...person('root'), roles: ['person', 'platform-admin'], session: 'one' };
  let bench: ServiceBench;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  let count = 0;
  const created = async (by: Principal): Promise<string> =>
    (await bench.bus.call(createWorkspace, { name: `Hotel ${(count += 1)}` }, bench.as(by))).workspace?.id ?? '';

  const entries = async (workspaceId: string): Promise<readonly LoggedEvent[]> => {
    const { eventLog } = bench.platform;
    const found: LoggedEvent[] = [];
    const { epoch } = await eventLog.range();
    for await (const event of eventLog.read({ epoch, offset: 1n }, `${workspaceId}.>`, { live: false })) found.push(event);
    return found.filter(({ type }) => type === 'workspaces.entered');
  };

  it('is in the audit of a workspace as soon as they come in, once for each sign-in', async () => {
    const workspaceId = await created(ada);
    await bench.bus.call(getWorkspace, { workspaceId }, bench.as(admin));
    await bench.bus.call(updateWorkspace, { workspaceId, ifMatch: '*', name: 'Inn' }, bench.as(admin));
    await bench.bus.call(getGrants, { workspaceId }, bench.as({ ...admin, session: 'two' }));
    const found = await entries(workspaceId);
    expect(found.map(({ actor }) => actor.id)).toEqual(['root', 'root']);
    expect(JSON.parse(Buffer.from(found[0]?.payload ?? []).toString())).toEqual({ user: 'root', role: 'platform-admin' });
  });

  it('is not where they are at home, nor is anybody else', async () => {
    const [own, others] = [await created(admin), await created(ada)];
    await bench.bus.call(getWorkspace, { workspaceId: own }, bench.as(admin));
    await bench.bus.call(inviteMember, { workspaceId: others, userId: 'root', roles: ['viewer'] }, bench.as(ada));
    for (const one of [ada, admin]) await bench.bus.call(getWorkspace, { workspaceId: others }, bench.as(one));
    await expect(bench.bus.call(getWorkspace, { workspaceId: others }, bench.as(person('bob')))).rejects.toMatchObject({
      code: 'workspaces.not_found',
    });
    expect([await entries(own), await entries(others)]).toEqual([[], []]);
  });
});
