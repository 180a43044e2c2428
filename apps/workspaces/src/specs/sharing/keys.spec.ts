import { timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KeysService, MembersService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const { createWorkspace, getGrants } = WorkspacesService.method;
const DAY = 86_400_000;
const [ada, bob] = [person('ada'), person('bob')];

describe('a key that stands on what ends by itself', () => {
  let bench: ServiceBench;
  let workspaceId: string;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const { workspace } = await bench.bus.call(createWorkspace, { name: 'Mill', slug: 'mill' }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const inDays = (days: number): Timestamp => timestampFromMs(Date.now() + days * DAY);
  const made = async (by: Principal, expiresAt: Timestamp): Promise<Principal> => {
    const rules = [
      { allow: ['read'], on: ['events'] },
      { allow: ['manage'], on: ['keys'] },
    ];
    const { key } = await bench.bus.call(KeysService.method.createKey, { workspaceId, name: 'ci', rules, expiresAt }, bench.as(by));
    return { kind: 'key', id: key?.id ?? '', roles: [], workspace: workspaceId };
  };
  const untilOf = async (as: Principal) => (await bench.bus.call(getGrants, { workspaceId }, bench.as(as))).until;

  it('has until that when a key made it, and none when that is only its own end', async () => {
    const end = inDays(30);
    const parent = await made(ada, end);
    const child = await made(parent, end);
    expect([await untilOf(parent), await untilOf(child)]).toEqual([undefined, end]);
  });

  it('has as long as the membership of whoever made it', async () => {
    const end = inDays(7);
    const invited = { workspaceId, userId: 'bob', roles: ['owner'], expiresAt: end };
    await bench.bus.call(MembersService.method.inviteMember, invited, bench.as(ada));
    expect(await untilOf(await made(bob, inDays(30)))).toEqual(end);
  });
});
