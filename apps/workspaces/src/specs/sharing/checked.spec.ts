import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { FilesService, KeysService, MembersService, RightsService, SharesService, WorkspacesService } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const [RUN, OTHER] = ['0', '1'].map((digit) => `run_${digit.repeat(26)}`) as [string, string];
const YES = { allowed: true, conditional: false };
const NO = { allowed: false, conditional: false, reason: 'No rule allows it.' };
const IN_PART = { allowed: true, conditional: true };

describe('whether somebody may do something to one object', () => {
  const [ada, bob] = [person('ada'), person('bob')];
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  beforeEach(async () => {
    const { workspace } = await bench.bus.call(
      WorkspacesService.method.createWorkspace,
      { name: `Checked ${(count += 1)}` },
      bench.as(ada),
    );
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const check = async (action: string, subject: string, id = '', by: Principal = bob) => {
    const checks = [{ workspace: workspaceId, action, subject, id }];
    return (await bench.bus.call(RightsService.method.checkAccess, { checks }, bench.as(by))).results[0];
  };
  const share = (said: object) =>
    bench.bus.call(SharesService.method.createShare, { workspaceId, actions: ['read'], userId: 'bob', ...said }, bench.as(ada));
  const member = async (...rules: readonly { allow: string[]; on: string[]; where?: string }[]) => {
    await bench.bus.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules: [...rules] }, bench.as(ada));
    await bench.bus.call(MembersService.method.inviteMember, { workspaceId, userId: 'bob', roles: ['desk'] }, bench.as(ada));
  };
  const file = async (visibility: string): Promise<string> => {
    const { blobs, clock, ids } = bench.platform;
    const { ref } = await new StagedBlobs(blobs, clock, ids).put(Buffer.from('a'));
    const said = { workspaceId, ref, name: 'a.txt', visibility };
    return (await bench.bus.call(FilesService.method.commitFile, said, bench.as(ada))).file?.id ?? '';
  };

  it('is told of a file exactly: one that they may not see is as one that is not there', async () => {
    const [open, hidden, shared] = [await file('workspace'), await file('private'), await file('private')];
    await member({ allow: ['read', 'create'], on: ['files'] });
    await share({ subject: 'files', object: shared, actions: ['read', 'update'] });
    expect(await check('read', 'files', open)).toMatchObject(YES);
    expect(await check('read', 'files', shared)).toMatchObject(YES);
    for (const id of [hidden, 'fil_none']) expect(await check('read', 'files', id)).toMatchObject(NO);
    expect(await check('read', 'files', hidden, ada)).toMatchObject(YES);
    expect(await check('update', 'files', shared)).toMatchObject(YES);
    for (const id of [open, hidden]) expect(await check('update', 'files', id)).toMatchObject(NO);
    expect(await check('update', 'files')).toMatchObject(IN_PART);
    expect(await check('create', 'files', open)).toMatchObject(YES);
    expect(await check('delete', 'files', shared)).toMatchObject(NO);
  });

  it('is told of a run that is shared, and of one that is not', async () => {
    await share({ subject: 'runs', object: RUN });
    expect(await check('read', 'runs')).toMatchObject(IN_PART);
    expect(await check('read', 'runs', RUN)).toMatchObject(YES);
    expect(await check('read', 'runs', OTHER)).toMatchObject(NO);
    expect(await check('cancel', 'runs', RUN)).toMatchObject(NO);
  });

  it('is told of a run in part where a role has conditions, for nobody here knows the run', async () => {
    await member({ allow: ['read'], on: ['runs'], where: "automation = 'greet'" });
    await share({ subject: 'runs', object: RUN });
    expect(await check('read', 'runs', RUN)).toMatchObject(YES);
    expect(await check('read', 'runs', OTHER)).toMatchObject(IN_PART);
  });

  it('is told to a key as well, whose rules have conditions of their own', async () => {
    await share({ subject: 'runs', object: RUN, userId: '', role: 'everyone' });
    const rules = [{ allow: ['read'], on: ['runs'], where: "automation = 'greet'" }];
    const { key } = await bench.bus.call(KeysService.method.createKey, { workspaceId, name: 'ci', rules }, bench.as(ada));
    const caller: Principal = { kind: 'key', id: key?.id ?? '', roles: [], workspace: workspaceId };
    expect(await check('read', 'runs', RUN, caller)).toMatchObject(YES);
    expect(await check('read', 'runs', OTHER, caller)).toMatchObject(IN_PART);
  });

  it('is told of subjects whose objects nobody looks at as if no object were named', async () => {
    await member({ allow: ['read'], on: ['events'], where: "type = 'a.b'" });
    expect(await check('read', 'events', 'evt_1')).toMatchObject(IN_PART);
  });
});
