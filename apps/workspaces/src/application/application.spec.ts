import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import type { Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { SystemClock, SystemIds } from '@millrace/service';
import { person, temporaryFolder } from '@millrace/testing';
import { createWorkspace, type Workspace } from '../domain/workspace';
import { MEMBERS, ROLES, SHARES, SLUG_ALIASES, WORKSPACES } from '../infrastructure/collections';
import { Access } from './access';
import { KEYS } from '../infrastructure/credentials';
import { CreateWorkspace } from './create-workspace';
import { KeyRules } from './credentials/key-rules';
import { KeyStore } from './credentials/key-store';
import { ensure } from './ensure';
import { Facts } from './facts';
import { WorkspaceRoom } from './quotas/workspace-room';
import { HeldShares } from './sharing/held-shares';
import { SlugAliases } from './slug-aliases';
import { Standings } from './rights/standings';

const clock = new SystemClock();
const ids = new SystemIds(clock);
const asked = (principal: Principal): CallContext => ({ principal, correlationId: 'req-1', deadline: clock.now() + 10_000 });

describe('the use cases of workspaces', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let documents: SqliteDocuments;
  let workspaces: Collection<Workspace>;

  beforeEach(async () => {
    folder = temporaryFolder();
    documents = await SqliteDocuments.open(join(folder.path, 'workspaces.db'));
    workspaces = await documents.collection(WORKSPACES);
  });

  afterEach(async () => {
    await documents.close();
    folder[Symbol.dispose]();
  });

  const hello = createWorkspace('ws_00000000000000000000000001', 'ada', { name: 'Hello' }, 0);

  async function access(noted: string[] = []): Promise<Access> {
    const noKeys = new KeyRules(new KeyStore(await documents.collection(KEYS)), clock);
    const shares = new HeldShares(await documents.collection(SHARES), clock);
    const standings = new Standings(await documents.collection(ROLES), await documents.collection(MEMBERS), shares, noKeys, clock);
    const of: Standings['of'] = async (workspace, principal) => {
      noted.push(workspace.id);
      return standings.of(workspace, principal);
    };
    const aliases = new SlugAliases(await documents.collection(SLUG_ALIASES), clock);
    const invitations = { bind: () => Promise.resolve(undefined) };
    const entries = { note: () => Promise.resolve() };
    return new Access({ workspaces, standings: { of }, aliases, invitations, shares, entries });
  }

  it('refuse a member what no rule of theirs allows', async () => {
    await workspaces.insert(hello);
    await expect((await access()).require(asked(person('ada')), hello.id, 'fly', 'kites')).rejects.toMatchObject({
      code: 'kites.fly_denied',
      refusal: 'forbidden',
    });
  });

  it('ask for rights where nothing is as well as where a stranger may do nothing', async () => {
    await workspaces.insert(hello);
    const noted: string[] = [];
    const nowhere = 'ws_00000000000000000000000009';
    for (const id of [hello.id, nowhere]) {
      await expect((await access(noted)).enter(asked(person('bob')), id)).rejects.toMatchObject({ code: 'workspaces.not_found' });
    }
    expect(noted).toEqual([hello.id, nowhere]);
  });

  it('make one document when two make it at once', async () => {
    await Promise.all([ensure(workspaces, hello.id, () => hello), ensure(workspaces, hello.id, () => hello)]);
    await ensure(workspaces, hello.id, () => hello);
    expect((await workspaces.get(hello.id)).revision).toBe(1);
  });

  it('pass on what went wrong in the store as it is', async () => {
    const create = new CreateWorkspace({
      workspaces,
      room: new WorkspaceRoom(workspaces, { createdBy: 'everyone', owned: 1, all: 1 }),
      aliases: new SlugAliases(await documents.collection(SLUG_ALIASES), clock),
      facts: new Facts(clock, ids),
      clock,
      ids,
    });
    const closing = new Error('the disk is gone');
    await expect(
      ensure(workspaces, hello.id, () => {
        throw closing;
      }),
    ).rejects.toBe(closing);
    await documents.close();
    await expect(create.run(asked(person('ada')), { name: 'Hello' })).rejects.toMatchObject({ refusal: 'unavailable' });
  });

  it('tell who acted for whom, in which trace', () => {
    const principal: Principal = { kind: 'automation', id: 'greet', roles: [], onBehalfOf: 'ada' };
    const context = { ...asked(principal), causationId: 'evt-1', traceparent: '00-trace' };
    const fact = { workspaceId: 'ws_1', type: 'workspaces.updated', payload: {}, subject: 'workspace/ws_1' };
    expect(new Facts(clock, ids).of(context, fact)).toMatchObject({
      actor: { kind: 'automation', id: 'greet', onBehalfOf: 'ada' },
      causationId: 'evt-1',
      traceparent: '00-trace',
    });
  });
});
