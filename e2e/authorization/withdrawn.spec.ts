import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, MembersService, RightsService, RunsService, WorkspacesService } from '@millrace/contracts';
import { eventsService } from '@millrace/events';
import { DomainError } from '@millrace/kernel';
import { runtimeService } from '@millrace/runtime';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';

const { searchEvents } = EventsService.method;
const { listRuns } = RunsService.method;

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
  /** Resolves when services have been told of the last thing of this type that happened. */
  const told = async (type: string): Promise<void> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: false }));
    const { promise, resolve } = Promise.withResolvers<void>();
    const rights = await bench.platform.keyValue.bucket('rights');
    const watch = await rights.watch(workspaceId, ({ value }) => {
      if (Buffer.from(value ?? []).toString() === events.at(-1)?.id) resolve();
    });
    await promise;
    await watch.stop();
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
    await told('workspaces.members.joined');
    expect(await asked()).toEqual(['answered', 'answered']);
    const rules = [
      { allow: ['read'], on: ['schedules'] },
      { deny: ['read'], on: ['events'] },
    ];
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules, ifMatch: '*' }, bench.as(ada));
    await told('workspaces.roles.changed');
    expect(await asked()).toEqual(['events.read_denied', 'runs.read_denied']);
    await bench.bus.call(
      MembersService.method.removeMember,
      { workspaceId, memberId: invited.member?.id ?? '', ifMatch: '*' },
      bench.as(ada),
    );
    await told('workspaces.members.left');
    expect(await asked()).toEqual(['workspaces.not_found', 'workspaces.not_found']);
  });
});
