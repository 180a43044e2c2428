import { SqliteDocuments, type Collection } from '@millrace/documents';
import { DomainError, servicePrincipal, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { VirtualTime } from '@millrace/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFiles } from '../../domain/draft';
import { deleteWorkspace } from '../../domain/life';
import { noReleases, type Releases } from '../../domain/releases';
import { createWorkspace, type Workspace } from '../../domain/workspace';
import { DRAFTS, RELEASES, WORKSPACES } from '../../infrastructure/collections';
import { Drafts } from '../drafts';
import { PublishSaved } from './publish-saved';

const START = Date.UTC(2026, 10, 22);
const ID = 'ws_a';
const ADA: Principal = { kind: 'user', id: 'ada', roles: [], groups: ['/mills'], scopes: ['*:*'] };
const BOB: Principal = { kind: 'user', id: 'bob', roles: [] };
const BOT: Principal = { kind: 'automation', id: 'atm_b', roles: [], onBehalfOf: 'bob' };
const ROBOT = servicePrincipal('workspaces');

describe('publishing drafts on save', () => {
  let documents: SqliteDocuments;
  let workspaces: Collection<Workspace>;
  let releases: Collection<Releases>;
  let drafts: Drafts;
  let time: VirtualTime;
  let saved: PublishSaved;
  let published: Principal[];
  let refusal: Error | undefined;

  beforeEach(async () => {
    documents = await SqliteDocuments.open(':memory:');
    workspaces = await documents.collection(WORKSPACES);
    releases = await documents.collection(RELEASES);
    drafts = new Drafts(await documents.collection(DRAFTS));
    time = new VirtualTime(START);
    published = [];
    refusal = undefined;
    const publish = async ({ principal }: CallContext) => {
      if (refusal !== undefined) throw refusal;
      published.push(principal);
      return { problems: [], version: version('ver_a', 'anything') };
    };
    const trees = { digestOf: ({ files }: { readonly files: object }) => Object.keys(files).join(' ') };
    saved = new PublishSaved({ workspaces, releases, drafts, trees, publish: { run: publish }, clock: time });
    await workspaces.insert({ ...createWorkspace(ID, 'ada', { name: 'A mill' }, START), publishing: 'on-save' });
  });

  afterEach(() => documents.close());

  const version = (id: string, digest: string) => {
    return { id, digest, number: 1, message: '', author: 'ada', publishedAt: START, changes: 1 };
  };
  const context = (principal: Principal): CallContext => ({ principal, correlationId: 'c', deadline: START + 60_000 });
  const run = () => saved.run(context(ROBOT), ID);
  const save = (path: string, by: Principal) =>
    drafts.change(context(by), ID, (draft) => {
      const document = writeFiles(draft, new Map([[path, { digest: 'd', size: 1 }]]), { by: by.id, at: time.now() });
      const fact = { id: `evt_${path}`, workspaceId: ID, type: 'workspaces.drafts.changed', time: time.now(), subject: 'draft', key: ID };
      const told = { ...fact, payload: Buffer.from('{}'), correlationId: 'c', causationId: 'c', actor: { kind: by.kind, id: by.id } };
      return { document, events: [{ ...told, source: { service: 'workspaces' } }], result: undefined };
    });

  it('waits until nothing has changed for half a second, and publishes as who changed it last, with all that they had', async () => {
    await save('a', BOB);
    await time.advance(400);
    await save('b', ADA);
    await time.advance(400);
    expect([await run(), published]).toEqual([100, []]);
    await time.advance(100);
    expect([await run(), published]).toEqual([0, [ADA]]);
  });

  it('waits no longer than that for a change of a clock that is ahead', async () => {
    await save('a', ADA);
    time.jump(-60_000);
    expect(await run()).toBe(500);
  });

  it('goes by people: what a service changes is published as they who came before', async () => {
    await save('a', ADA);
    await save('b', ROBOT);
    await time.advance(500);
    expect([await run(), published]).toEqual([0, [ADA]]);
  });

  it('publishes nothing that is the newest version, whichever runs', async () => {
    await save('a', ADA);
    await time.advance(500);
    await releases.insert({ ...noReleases(ID), versions: [version('ver_a', 'older'), version('ver_b', 'a')], active: 'ver_a' });
    expect([await run(), published]).toEqual([0, []]);
    await save('b', ADA);
    await time.advance(500);
    expect([await run(), published]).toEqual([0, [ADA]]);
  });

  it('publishes nothing of a workspace that does not want it, is deleted or is gone', async () => {
    await save('a', ADA);
    await time.advance(500);
    await workspaces.update(ID, (workspace) => ({ document: { ...workspace, publishing: 'manual' }, events: [] }));
    expect(await run()).toBe(0);
    await workspaces.update(ID, (workspace) => ({
      document: deleteWorkspace({ ...workspace, publishing: 'on-save' }, { by: 'ada', at: START }),
      events: [],
    }));
    expect(await run()).toBe(0);
    await workspaces.update(ID, () => ({ document: null, events: [] }));
    expect([await run(), published]).toEqual([0, []]);
  });

  it('publishes nothing that nobody changed, or only somebody whom all drafts forgot', async () => {
    expect(await run()).toBe(0);
    await save('a', BOT);
    await drafts.forget('ada');
    expect((await drafts.read(ID)).touched?.by).toEqual(BOT);
    await drafts.forget('bob');
    await time.advance(500);
    expect([await run(), published, Object.keys((await drafts.read(ID)).files)]).toEqual([0, [], ['a']]);
  });

  it('leaves what may not be published as it is, and throws what a repetition mends', async () => {
    await save('a', ADA);
    await time.advance(500);
    refusal = new DomainError('workspaces.document_invalid', 'invalid', 'It has errors.');
    expect(await run()).toBe(0);
    refusal = new DomainError('documents.unavailable', 'unavailable', 'The store is away.');
    await expect(run()).rejects.toThrow('away');
    refusal = new Error('A fault.');
    await expect(run()).rejects.toThrow('fault');
    refusal = undefined;
    expect([await run(), published]).toEqual([0, [ADA]]);
  });
});
