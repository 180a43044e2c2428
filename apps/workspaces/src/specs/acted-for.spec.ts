import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { MembersService, RightsService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { Bus, type Wire } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { createWorkspace, getGrants } = WorkspacesService.method;
const MISSING = { code: 'workspaces.not_found' };

describe('rights of those whom a service acts for', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  const wires: Wire[] = [];
  const buses = new Map<string, Bus>();
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const { keyValue, clock } = bench.platform;
    for (const service of ['runtime', 'events']) {
      const wire = await bench.platform.connect(service);
      wires.push(wire);
      buses.set(service, new Bus(wire, await SignedPassports.create({ service, keyValue, clock }), clock));
    }
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'Hotel' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    const role = (name: string, claim: object) =>
      bench.bus.call(
        RightsService.method.putRole,
        { workspaceId, role: name, rules: [{ allow: ['read'], on: ['events'] }], grants: [claim] },
        bench.as(ada),
      );
    await role('desk', { claim: 'shift', equals: 'night' });
    await role('porter', { claim: 'groups', contains: '/porters' });
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, bench.as(ada));
  });

  afterAll(async () => {
    for (const wire of wires) await wire.close();
    await bench[Symbol.asyncDispose]();
  });

  const ask = async (actedFor: object, by = 'runtime') =>
    buses.get(by)?.call(getGrants, { workspaceId, actedFor: { kind: 'user', id: 'bob', ...actedFor } }, bench.as(servicePrincipal(by)));

  it('are those that they have by membership, and by what is known of them', async () => {
    expect((await ask({}))?.roles).toEqual(['viewer']);
    const claims = new TextEncoder().encode(JSON.stringify({ shift: 'night' }));
    const known = await ask({ claims, groups: { paths: ['/porters'] }, email: 'bob@hotel.example', verified: true });
    expect(known?.roles).toEqual(['viewer', 'desk', 'porter']);
    expect((await ask({ id: 'ada' }))?.owner).toBe(true);
  });

  it('are none for strangers, and for who belongs elsewhere', async () => {
    await expect(ask({ id: 'eve' })).rejects.toMatchObject(MISSING);
    await expect(ask({ workspace: 'ws_other' })).rejects.toMatchObject(MISSING);
  });

  it('are told to the runtime alone', async () => {
    await expect(ask({}, 'events')).rejects.toMatchObject(MISSING);
    const asked = { workspaceId, actedFor: { kind: 'user', id: 'ada' } };
    await expect(bench.bus.call(getGrants, asked, bench.as(person('bob')))).rejects.toMatchObject(MISSING);
  });
});
