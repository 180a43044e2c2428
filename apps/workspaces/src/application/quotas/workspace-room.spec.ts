import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { temporaryFolder } from '@millrace/testing';
import { deleteWorkspace, fillWorkspace } from '../../domain/life';
import { createWorkspace, type Workspace } from '../../domain/workspace';
import { WORKSPACES } from '../../infrastructure/collections';
import { WorkspaceRoom } from './workspace-room';

const FULL = { code: 'workspaces.quota_reached' };

describe('the room for workspaces', () => {
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

  const named = (name: string, owner = 'ada'): Workspace => createWorkspace(`ws_${name}`, owner, { name }, 0);
  const room = (owned: number, all: number) => new WorkspaceRoom(workspaces, { createdBy: 'everyone', owned, all });

  it('counts those of a person that are being filled, and not those they deleted', async () => {
    await workspaces.insert(fillWorkspace(named('filling'), 1));
    await workspaces.insert(deleteWorkspace(named('gone'), { by: 'ada', at: 1 }));
    await expect(room(1, 9).demandOneMore(named('more'))).rejects.toMatchObject(FULL);
    await expect(room(1, 9).demandOwnable('ada')).rejects.toMatchObject(FULL);
    await room(2, 9).demandOneMore(named('more'));
    await room(1, 9).demandOneMore(named('other', 'bob'));
  });

  it('has a place for one that was begun before, whatever came meanwhile', async () => {
    const begun = named('filling');
    await workspaces.insert(fillWorkspace(begun, 1));
    await room(1, 1).demandOneMore(begun);
    await expect(room(9, 1).demandOneMore(named('more'))).rejects.toMatchObject({
      ...FULL,
      facts: { quota: 'platform-workspaces', limit: 1 },
    });
  });

  it('does not end for what is nobody’s', async () => {
    await workspaces.insert(named('left', ''));
    await room(1, 9).demandOwnable('');
  });
});
