import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { StagedBlobs } from '@millrace/blobs';
import { FilesService, MembersService, RightsService, SharesService, WorkspacesService } from '@millrace/contracts';
import { ANONYMOUS, type Principal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../index';

const { createShare, deleteShare, listShares } = SharesService.method;
const { createWorkspace, getAutomation, getGrants, getWorkspace, listAutomations, listWorkspaces, putAutomation } =
  WorkspacesService.method;
const { commitFile, createLink, deleteFile, getFile, listFiles, openFile, updateFile } = FilesService.method;
const { explainAccess, putRole } = RightsService.method;
const { inviteMember } = MembersService.method;
const RUN = `run_${'0'.repeat(26)}`;
const WEEK = 604_800_000;

describe('what is shared one by one', () => {
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let workspaceId: string;
  let count = 0;
  const ada = person('ada');
  const bob: Principal = { ...person('bob'), email: 'Bob@hotel.example', verified: true };
  const eve = person('eve');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const { blobs, clock, ids } = bench.platform;
    staged = new StagedBlobs(blobs, clock, ids);
  });

  beforeEach(async () => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Hotel ${count}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    for (const slug of ['desk/in', 'desk/out']) {
      const source = new TextEncoder().encode(`do: []\noutput: ${slug}\n`);
      await bench.bus.call(putAutomation, { workspaceId, slug, source }, bench.as(ada));
    }
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const share = async (said: object, by: Principal = ada) => {
    const one = { subject: 'automations', object: 'desk/in', actions: ['read'], ...said };
    const { share: made } = await bench.bus.call(createShare, { workspaceId, ...one }, bench.as(by));
    return made;
  };
  const takeBack = (shareId = '', by: Principal = ada) => bench.bus.call(deleteShare, { workspaceId, shareId }, bench.as(by));
  const read = async (slug: string, by: Principal = bob) =>
    (await bench.bus.call(getAutomation, { workspaceId, slug }, bench.as(by))).automation?.slug;
  const slugs = async (by: Principal = bob) =>
    (await bench.bus.call(listAutomations, { workspaceId }, bench.as(by))).items.map(({ slug }) => slug);
  const file = async (name: string, by: Principal = ada) => {
    const { ref } = await staged.put(new TextEncoder().encode(name));
    return (await bench.bus.call(commitFile, { workspaceId, ref, name }, bench.as(by))).file?.id ?? '';
  };
  const files = async (by: Principal = bob, limit = 0) => {
    const names: string[] = [];
    let cursor = '';
    do {
      const page = await bench.bus.call(listFiles, { workspaceId, limit, cursor }, bench.as(by));
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== '');
    return names;
  };
  const listed = async (where = '', by: Principal = ada) => (await bench.bus.call(listShares, { workspaceId, where }, bench.as(by))).items;
  const told = async () => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.shares.>`, { live: false }));
    return events.map(({ type, payload }) => [
      type.slice('workspaces.shares.'.length),
      JSON.parse(Buffer.from(payload).toString()) as object,
    ]);
  };
  const stranger = { code: 'workspaces.not_found', refusal: 'not-found' };

  it('is that one object, to do that one thing, for somebody who is no member', async () => {
    await expect(read('desk/in')).rejects.toMatchObject(stranger);
    const made = await share({ userId: 'bob' });
    expect(made).toMatchObject({ userId: 'bob', state: 'active', createdBy: 'ada', subject: 'automations', object: 'desk/in' });
    expect(await read('desk/in')).toBe('desk/in');
    expect(await slugs()).toEqual(['desk/in']);
    await expect(read('desk/out')).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
    const source = new TextEncoder().encode('do: []\n');
    await expect(
      bench.bus.call(putAutomation, { workspaceId, slug: 'desk/in', source, ifMatch: '*' }, bench.as(bob)),
    ).rejects.toMatchObject({
      code: 'automations.update_denied',
    });
    await expect(bench.bus.call(getWorkspace, { workspaceId }, bench.as(bob))).rejects.toMatchObject({ code: 'workspaces.read_denied' });
    expect((await bench.bus.call(listWorkspaces, {}, bench.as(bob))).items.map(({ id }) => id)).not.toContain(workspaceId);
    await expect(files()).rejects.toMatchObject({ code: 'files.read_denied' });
    await expect(read('desk/in', eve)).rejects.toMatchObject(stranger);
    await takeBack(made?.id);
    await expect(read('desk/in')).rejects.toMatchObject(stranger);
    await expect(takeBack(made?.id)).rejects.toMatchObject({ code: 'workspaces.share_not_found' });
    expect(await told()).toEqual(
      ['created', 'deleted'].map((what) => [
        what,
        { share: made?.id, subject: 'automations', object: 'desk/in', actions: ['read'], user: 'bob' },
      ]),
    );
  });

  it('is a file, private or not, in lists of any size; what is shared to be changed can be', async () => {
    const [first, second] = [await file('first'), await file('second')];
    const other = await file('other');
    await share({ userId: 'bob', subject: 'files', object: first });
    expect((await bench.bus.call(openFile, { workspaceId, fileId: first }, bench.as(bob))).content?.name).toBe('first');
    await expect(bench.bus.call(getFile, { workspaceId, fileId: other }, bench.as(bob))).rejects.toMatchObject({
      code: 'workspaces.file_not_found',
    });
    await expect(bench.bus.call(updateFile, { workspaceId, fileId: first, name: 'x', ifMatch: '*' }, bench.as(bob))).rejects.toMatchObject({
      code: 'files.update_denied',
    });
    await share({ userId: 'bob', subject: 'files', object: second, actions: ['read', 'update'] });
    expect(await files()).toEqual(['second', 'first']);
    expect(await files(bob, 1)).toEqual(['second', 'first']);
    await bench.bus.call(updateFile, { workspaceId, fileId: second, name: 'changed', ifMatch: '*' }, bench.as(bob));
    await bench.bus.call(createLink, { workspaceId, fileId: second }, bench.as(bob));
    expect(await files()).toEqual(['changed', 'first']);
    await expect(bench.bus.call(deleteFile, { workspaceId, fileId: second, ifMatch: '*' }, bench.as(bob))).rejects.toMatchObject({
      code: 'files.delete_denied',
    });
    await expect(bench.bus.call(updateFile, { workspaceId, fileId: first, name: 'x', ifMatch: '*' }, bench.as(bob))).rejects.toMatchObject({
      code: 'files.update_denied',
    });
    await expect(file('mine', bob)).rejects.toMatchObject({ code: 'files.create_denied' });
    expect(await files(ada)).toEqual(['other', 'changed', 'first']);
  });

  it('is seen by members beside what they see anyway', async () => {
    const secret = await file('secret');
    await bench.bus.call(
      commitFile,
      { workspaceId, ref: (await staged.put(new Uint8Array(3))).ref, name: 'open', visibility: 'workspace' },
      bench.as(ada),
    );
    await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['viewer'] }, bench.as(ada));
    expect(await files()).toEqual(['open']);
    await share({ userId: 'bob', subject: 'files', object: secret });
    expect(await files()).toEqual(['open', 'secret']);
  });

  it('is with those who have a role, what inherits from it too, or with everyone', async () => {
    await bench.bus.call(putRole, { workspaceId, role: 'desk', rules: [] }, bench.as(ada));
    await bench.bus.call(putRole, { workspaceId, role: 'night', rules: [], inherits: ['desk'] }, bench.as(ada));
    await bench.bus.call(inviteMember, { workspaceId, userId: 'bob', roles: ['night'] }, bench.as(ada));
    await share({ role: 'desk' });
    expect(await slugs()).toEqual(['desk/in']);
    await expect(read('desk/in', eve)).rejects.toMatchObject(stranger);
    const open = await share({ role: 'everyone', object: 'desk/out' });
    expect(await slugs(eve)).toEqual(['desk/out']);
    expect(await slugs(ANONYMOUS)).toEqual(['desk/out']);
    expect(await slugs()).toEqual(['desk/in', 'desk/out']);
    await takeBack(open?.id);
    await expect(slugs(eve)).rejects.toMatchObject(stranger);
    await expect(share({ role: 'nobody' })).rejects.toMatchObject({ code: 'workspaces.role_invalid' });
  });

  it('waits a week for whoever proves an e-mail address, and is theirs from then on, whatever becomes of the address', async () => {
    const made = await share({ email: 'bob@HOTEL.example' });
    expect(made).toMatchObject({ state: 'waiting', userId: '', email: 'bob@HOTEL.example' });
    expect(Number(made?.waitsUntil?.seconds) - Number(made?.createdAt?.seconds)).toBe(WEEK / 1000);
    await expect(read('desk/in', { ...bob, verified: false })).rejects.toMatchObject(stranger);
    const principal = { kind: 'user', id: 'bob', email: 'bob@hotel.example' };
    const asked = { workspaceId, principal, action: 'read', subject: 'automations', sample: Buffer.from('{"slug":"desk/in"}') };
    expect((await bench.bus.call(explainAccess, asked, bench.as(ada))).decision).toBe('allowed');
    expect((await listed())[0]?.state).toBe('waiting');
    expect(await read('desk/in')).toBe('desk/in');
    expect(await listed("state = 'active' and userId = 'bob'")).toHaveLength(1);
    expect(await read('desk/in', person('bob'))).toBe('desk/in');
    await expect(read('desk/in', { ...bob, id: 'bob-2' })).rejects.toMatchObject(stranger);
    expect(JSON.stringify(await told())).not.toContain('hotel.example');
  });

  it('is nothing by an e-mail address while whoever shared it could not share it any more', async () => {
    await bench.bus.call(
      putRole,
      { workspaceId, role: 'lead', rules: [{ allow: ['manage'], on: ['automations', 'members'] }] },
      bench.as(ada),
    );
    const { member } = await bench.bus.call(inviteMember, { workspaceId, userId: 'eve', roles: ['lead'] }, bench.as(ada));
    await share({ email: 'bob@hotel.example' }, eve);
    await bench.bus.call(MembersService.method.removeMember, { workspaceId, memberId: member?.id ?? '', ifMatch: '*' }, bench.as(ada));
    await expect(read('desk/in')).rejects.toMatchObject(stranger);
  });

  it('is what whoever shares may do to all of its kind, sees, and may say; nothing that was shared with them', async () => {
    const rules = [
      { allow: ['manage'], on: ['members'] },
      { allow: ['read'], on: ['automations', 'files'] },
    ];
    await bench.bus.call(putRole, { workspaceId, role: 'lead', rules }, bench.as(ada));
    await bench.bus.call(inviteMember, { workspaceId, userId: 'eve', roles: ['lead'] }, bench.as(ada));
    const exceeded = { code: 'roles.manage_exceeded', refusal: 'forbidden' };
    await share({ userId: 'bob' }, eve);
    await expect(share({ userId: 'bob', actions: ['read', 'execute'] }, eve)).rejects.toMatchObject(exceeded);
    await expect(share({ userId: 'bob', subject: 'runs', object: RUN }, eve)).rejects.toMatchObject(exceeded);
    await share({ userId: 'eve', actions: ['read', 'execute'] });
    await expect(share({ userId: 'bob', actions: ['execute'] }, eve)).rejects.toMatchObject(exceeded);
    await expect(share({ userId: 'bob', subject: 'files', object: await file('private') }, eve)).rejects.toMatchObject({
      code: 'workspaces.file_not_found',
    });
    await expect(share({ userId: 'eve' }, bob)).rejects.toMatchObject({ code: 'members.manage_denied' });
  });

  it('is nothing that is not there, cannot be done with one of its kind, or has ended', async () => {
    await expect(share({ userId: 'bob', object: 'desk/none' })).rejects.toMatchObject({ code: 'workspaces.automation_not_found' });
    await expect(share({ userId: 'bob', subject: 'runs' })).rejects.toMatchObject({ code: 'workspaces.share_invalid' });
    await expect(share({ userId: 'bob', actions: ['publish'] })).rejects.toMatchObject({ code: 'workspaces.share_invalid' });
    await expect(share({ userId: 'bob', expiresAt: timestampFromMs(1) })).rejects.toMatchObject({ code: 'workspaces.share_invalid' });
    expect(await listed()).toEqual([]);
  });

  it('is told to other services as a rule, and until when', async () => {
    const expiresAt = timestampFromMs(4_000_000_000_000);
    await share({ userId: 'bob', subject: 'runs', object: RUN, actions: ['read', 'cancel'], expiresAt });
    const granted = await bench.bus.call(getGrants, { workspaceId }, bench.as(bob));
    expect(granted.grants).toMatchObject([{ actions: ['read', 'cancel'], subjects: ['runs'], where: `id = '${RUN}'`, deny: false }]);
    expect(granted.until).toEqual(expiresAt);
    expect((await bench.bus.call(getGrants, { workspaceId }, bench.as(ada))).until).toBeUndefined();
  });

  it('is named where rights are explained', async () => {
    const made = await share({ userId: 'bob' });
    const principal = { kind: 'user', id: 'bob' };
    const asked = { workspaceId, principal, action: 'read', subject: 'automations', sample: Buffer.from('{"slug":"desk/in"}') };
    const explained = await bench.bus.call(explainAccess, asked, bench.as(ada));
    expect(explained).toMatchObject({ decision: 'allowed', why: `The share ${made?.id} allows it.`, query: "slug = 'desk/in'" });
    expect(explained.rules).toMatchObject([{ share: made?.id, role: '', outcome: 'matched', decides: true }]);
  });
});
