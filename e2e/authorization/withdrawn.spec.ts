import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, MembersService, RightsService, RunsService, WorkspacesService } from '@millrace/contracts';
import { eventsService } from '@millrace/events';
import { DomainError } from '@millrace/kernel';
import { runtimeService } from '@millrace/runtime';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';

const { searchEvents } = EventsService.method;
const { listRuns } = RunsService.method;

/** Lets whatever else is due in this process have its turn. */
const othersTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a right that was withdrawn', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  const [ada, bob] = [person('ada'), person('bob')];

  beforeAll(async () => {
    bench = await serviceBench(workspacesService(), eventsService({}), runtimeService({}));
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Hotel' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const codeOf = async (asking: Promise<unknown>): Promise<string> => {
    try {
      await asking;
      return 'answered';
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  };
  const asked = async (): Promise<readonly string[]> => [
    await codeOf(bench.bus.call(searchEvents, { workspaceId }, bench.as(bob))),
    await codeOf(bench.bus.call(listRuns, { workspaceId }, bench.as(bob))),
  ];
  /** Asks until the services have heard of it; what they had found out before would go on for half a minute. */
  const becomes = async (wanted: readonly string[]): Promise<void> => {
    const deadline = Date.now() + 5_000;
    let found = await asked();
    while (JSON.stringify(found) !== JSON.stringify(wanted) && Date.now() < deadline) {
      await othersTurn();
      found = await asked();
    }
    expect(found).toEqual(wanted);
  };

  it('is gone at every service that had found it out, by a role that changed and by a member who left', async () => {
    await bench.bus.call(
      RightsService.method.putRole,
      { workspaceId, role: 'desk', rules: [{ allow: ['read'], on: ['runs', 'events'] }] },
      bench.as(ada),
    );
    const invited = await bench.bus.call(
      MembersService.method.inviteMember,
      { workspaceId, userId: 'bob', roles: ['desk'] },
      bench.as(ada),
    );
    await becomes(['answered', 'answered']);
    const rules = [
      { allow: ['read'], on: ['schedules'] },
      { deny: ['read'], on: ['events'] },
    ];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules, ifMatch: '*' }, bench.as(ada));
    await becomes(['events.read_denied', 'runs.read_denied']);
    await bench.bus.call(MembersService.method.removeMember, { workspaceId, memberId: invited.member?.id ?? '' }, bench.as(ada));
    await becomes(['workspaces.not_found', 'workspaces.not_found']);
  });
});
