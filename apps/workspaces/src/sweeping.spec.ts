import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderBlobs, type Blobs } from '@millrace/blobs';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock, DomainError, servicePrincipal } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import fc from 'fast-check';
import { Drafts } from './application/drafts';
import { Facts } from './application/facts';
import { filesOf, manyOf, oneOf, textsOf, type Belonging } from './application/life/belongings';
import { NamedTexts } from './application/life/named-texts';
import { PurgeWorkspaces } from './application/life/purge-workspaces';
import { SweepTexts } from './application/life/sweep-texts';
import { ensure } from './application/ensure';
import { writeFiles } from './domain/draft';
import { createFile, type WorkspaceFile } from './domain/files/file';
import { deleteWorkspace } from './domain/life';
import { addVersion, nextNumber, noReleases, parseTree, treeText, type Releases } from './domain/releases';
import { createWorkspace, type Workspace } from './domain/workspace';
import { BlobFileStore } from './infrastructure/blob-file-store';
import { BlobUnnamedTexts } from './infrastructure/blob-unnamed-texts';
import { DRAFTS, MEMBERS, RELEASES, WORKSPACES } from './infrastructure/collections';
import { FILES } from './infrastructure/file-collections';

class HandClock extends Clock {
  time = 1_000_000_000_000;

  override now(): number {
    return this.time;
  }
}

const DAY = 86_400_000;
const WORKSPACE = 'ws_00000000000000000000000001';
const OTHER = 'ws_00000000000000000000000002';
const context = { principal: servicePrincipal('workspaces'), correlationId: 'c', deadline: 0 };

type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'crash'; readonly text: string }
  | { readonly kind: 'publish' | 'forget' | 'sweep' | 'year' };

describe('what workspaces leave behind', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let blobs: Blobs;
  let documents: SqliteDocuments;
  let workspaces: Collection<Workspace>;
  let releases: Collection<Releases>;
  let drafts: Drafts;
  let clock: HandClock;
  let sweep: SweepTexts;

  beforeEach(async () => {
    folder = temporaryFolder();
    clock = new HandClock();
    blobs = await FolderBlobs.open(join(folder.path, 'blobs'));
    documents = await SqliteDocuments.open(join(folder.path, 'documents.db'));
    workspaces = await documents.collection(WORKSPACES);
    releases = await documents.collection(RELEASES);
    drafts = new Drafts(await documents.collection(DRAFTS));
    for (const id of [WORKSPACE, OTHER]) await workspaces.insert(createWorkspace(id, 'ada', { name: id, slug: `w-${id.at(-1) ?? ''}` }, 0));
    const named = new NamedTexts(drafts, releases, new BlobFileStore(blobs));
    sweep = new SweepTexts({ workspaces, named, texts: new BlobUnnamedTexts(blobs), clock });
  });

  afterEach(async () => {
    await documents.close();
    folder[Symbol.dispose]();
  });

  /** As another process sees the texts: nothing of them in memory. */
  const files = (): BlobFileStore => new BlobFileStore(blobs);
  const stored = async (prefix: string): Promise<readonly string[]> =>
    (await blobs.list(prefix, 1_000)).map((key) => key.slice(prefix.length));

  const write = async (path: string, text: string | undefined): Promise<void> => {
    const file = text === undefined ? undefined : await files().put(WORKSPACE, text);
    await drafts.change(context, WORKSPACE, (draft) => {
      return { document: writeFiles(draft, new Map([[path, file]]), { by: 'ada', at: 0 }), events: [], result: undefined };
    });
  };

  const publish = async (): Promise<void> => {
    const { files: now } = await drafts.read(WORKSPACE);
    const tree = Object.entries(now).map(([path, { digest, size }]) => ({ path, digest, size }));
    const { digest } = await files().put(WORKSPACE, treeText(tree));
    const { digest: problems } = await files().put(WORKSPACE, `problems of ${digest}`);
    await ensure(releases, WORKSPACE, () => noReleases(WORKSPACE));
    await releases.update(WORKSPACE, (before) => {
      const number = nextNumber(before);
      const version = { id: `ver_${number}`, number, message: '', digest, problems, author: 'ada', publishedAt: 0, changes: 0 };
      return { document: addVersion(before, version), events: [] };
    });
  };

  /** The oldest version is gone. */
  const forget = async (): Promise<void> => {
    await ensure(releases, WORKSPACE, () => noReleases(WORKSPACE));
    await releases.update(WORKSPACE, (before) => ({ document: { ...before, versions: before.versions.slice(1) }, events: [] }));
  };

  /** Every text that is named can be had, and its digest is its own. */
  const demandWhole = async (): Promise<void> => {
    const draft = await drafts.read(WORKSPACE);
    const versions = (await releases.find(WORKSPACE))?.document.versions ?? [];
    const trees = await Promise.all(versions.map(async ({ digest }) => parseTree(await files().get(WORKSPACE, digest))));
    const digests = [...Object.values(draft.files), ...trees.flat()].map(({ digest }) => digest);
    for (const digest of [...digests, ...versions.flatMap(({ problems }) => problems ?? [])]) {
      expect(files().digestOf(await files().get(WORKSPACE, digest)).digest).toBe(digest);
    }
  };

  it('is put aside when nothing names it, and removed when no run can need it any more', async () => {
    await write('a', 'kept');
    const { digest } = await files().put(WORKSPACE, 'left by a crash');
    await sweep.run();
    expect(await stored(`workspaces/${WORKSPACE}/`)).not.toContain(digest);
    expect(await stored(`retired/${WORKSPACE}/`)).toEqual([digest]);
    clock.time += 400 * DAY;
    await sweep.run();
    expect(await stored(`retired/${WORKSPACE}/`)).toEqual([digest]);
    clock.time += 2 * DAY;
    await sweep.run();
    expect([await stored('retired/'), await stored('retired-at/')]).toEqual([[], []]);
    await demandWhole();
  });

  it('comes back when it is named after all, though it was found before it was put aside', async () => {
    const slow = files();
    const { digest, size } = await slow.put(WORKSPACE, 'on its way');
    await sweep.run();
    await drafts.change(context, WORKSPACE, (draft) => {
      const document = writeFiles(draft, new Map([['a', { digest, size }]]), { by: 'ada', at: 0 });
      return { document, events: [], result: undefined };
    });
    clock.time += 402 * DAY;
    await sweep.run();
    expect(await files().get(WORKSPACE, digest)).toBe('on its way');
    expect(await stored('retired/')).toEqual([]);
  });

  it('is never anything that is named, whatever is written, published, taken away and swept', async () => {
    const path = fc.constantFrom('a', 'b', 'c');
    const text = fc.constantFrom('1', '2', '3');
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ kind: fc.constant('write'), path, text }),
      fc.record({ kind: fc.constant('remove'), path }),
      fc.record({ kind: fc.constantFrom('publish', 'forget', 'sweep', 'year') }),
      fc.record({ kind: fc.constant('crash'), text }),
    );
    const take = async (each: Step): Promise<void> => {
      switch (each.kind) {
        case 'write':
          return write(each.path, each.text);
        case 'remove':
          return write(each.path, undefined);
        case 'publish':
          return publish();
        case 'forget':
          return forget();
        case 'crash':
          await files().put(WORKSPACE, each.text);
          return undefined;
        case 'year':
          clock.time += 402 * DAY;
          return undefined;
        case 'sweep':
          return sweep.run();
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const each of steps) await take(each);
        await demandWhole();
      }),
      { numRuns: 25 },
    );
    await sweep.run();
    clock.time += 402 * DAY;
    await sweep.run();
    await demandWhole();
    const named = await new NamedTexts(drafts, releases, files()).of(WORKSPACE);
    expect(new Set(await stored(`workspaces/${WORKSPACE}/`))).toEqual(named);
  });

  it('is put aside in every workspace, however many there are', async () => {
    for (let index = 0; index < 200; index += 1) {
      const id = `ws_1${String(index).padStart(25, '0')}`;
      await workspaces.insert(createWorkspace(id, 'ada', { name: id, slug: `many-${index}` }, 0));
    }
    const last = `ws_1${'199'.padStart(25, '0')}`;
    const { digest } = await files().put(last, 'left by a crash');
    await sweep.run();
    expect(await stored('retired/')).toEqual([`${last}/${digest}`]);
  });

  describe('when it is removed', () => {
    const member = (index: number) => {
      const id = `mem_${String(index).padStart(3, '0')}`;
      return { id, workspaceId: WORKSPACE, user: `u${index}`, roles: [], invitedBy: 'ada', createdAt: 0 };
    };
    const left = async () => (await (await documents.collection(MEMBERS)).page({ limit: 200 })).items.length;

    it('is all there is of it, however much', async () => {
      const members = await documents.collection(MEMBERS);
      for (let index = 0; index < 401; index += 1) await members.insert(member(index));
      await manyOf(members, ({ id }) => id).remove(context, WORKSPACE);
      expect(await left()).toBe(0);
    });

    it('is no less removed when another instance was first, and what goes wrong otherwise is told', async () => {
      const members = await documents.collection(MEMBERS);
      await members.insert(member(1));
      await manyOf(members, () => 'mem_gone').remove(context, WORKSPACE);
      await oneOf(members).remove(context, WORKSPACE);
      const closed = manyOf(members, ({ id }) => id);
      await documents.close();
      await expect(closed.remove(context, WORKSPACE)).rejects.toMatchObject({ code: 'documents.closed' });
      await expect(oneOf(members).remove(context, WORKSPACE)).rejects.toMatchObject({ code: 'documents.closed' });
    });

    it('is every file that people uploaded, and one that is gone meanwhile is none to stop at', async () => {
      const uploads = await documents.collection(FILES);
      const upload = (index: number): WorkspaceFile => {
        const id = `fil_${String(index).padStart(3, '0')}`;
        const content = { ref: `r${index}`, size: 1, sha256: 's', type: 'text/plain' };
        return createFile({ id, workspaceId: WORKSPACE, name: 'a', owner: 'ada', ...content }, {}, { by: 'ada', at: 0 });
      };
      for (let index = 0; index < 201; index += 1) await uploads.insert(upload(index));
      const removed: string[] = [];
      const remove = async (_: unknown, { id }: WorkspaceFile): Promise<void> => {
        removed.push(id);
        await uploads.update(id, () => ({ document: null, events: [] }));
        if (id === 'fil_007') throw new DomainError('workspaces.file_not_found', 'not-found', 'There is no such file.');
      };
      await filesOf(uploads, { remove }).remove(context, WORKSPACE);
      expect(removed).toHaveLength(201);
      await uploads.insert(upload(1));
      const fails = { remove: () => Promise.reject(new Error('the disk is gone')) };
      await expect(filesOf(uploads, fails).remove(context, WORKSPACE)).rejects.toThrow('the disk is gone');
    });
  });

  it('goes with each of many workspaces, and stays with one that came back meanwhile', async () => {
    const ids = new SystemIds(clock);
    const at = clock.now();
    for (let index = 0; index < 120; index += 1) {
      const id = `ws_1${String(index).padStart(25, '0')}`;
      await workspaces.insert(deleteWorkspace(createWorkspace(id, 'ada', { name: id, slug: `many-${index}` }, 0), { by: 'ada', at }));
    }
    await workspaces.update(OTHER, (document) => ({ document: deleteWorkspace(document, { by: 'ada', at }), events: [] }));
    const restored = createWorkspace(OTHER, 'ada', { name: 'Other' }, 0);
    const belongings: readonly Belonging[] = [
      {
        remove: async (_, id) => {
          if (id === OTHER) await workspaces.update(id, () => ({ document: restored, events: [] }));
        },
      },
    ];
    clock.time += 31 * DAY;
    await new PurgeWorkspaces({ workspaces, belongings, facts: new Facts(clock, ids), clock, ids }).run();
    const { items } = await workspaces.page({ limit: 200 });
    expect(items.map(({ document: { id, state } }) => [id, state])).toEqual([
      [WORKSPACE, 'active'],
      [OTHER, 'active'],
    ]);
  });

  it('goes with the workspace, thirty days after it was deleted and not before; nothing of another does', async () => {
    const members = await documents.collection(MEMBERS);
    for (const [index, workspaceId] of [WORKSPACE, WORKSPACE, OTHER].entries()) {
      await members.insert({ id: `mem_${index}`, workspaceId, user: `u${index}`, roles: [], invitedBy: 'ada', createdAt: 0 });
    }
    await write('a', 'text');
    await publish();
    const other = await files().put(OTHER, 'text');
    const ids = new SystemIds(clock);
    const belongings = [
      manyOf(members, ({ id }) => id),
      oneOf(await documents.collection(DRAFTS)),
      oneOf(releases),
      textsOf(new BlobUnnamedTexts(blobs)),
    ];
    const purge = new PurgeWorkspaces({ workspaces, belongings, facts: new Facts(clock, ids), clock, ids });
    await workspaces.update(WORKSPACE, (document) => ({ document: deleteWorkspace(document, { by: 'ada', at: clock.now() }), events: [] }));
    clock.time += 29 * DAY;
    await purge.run();
    expect(await stored(`workspaces/${WORKSPACE}/`)).not.toEqual([]);
    clock.time += 2 * DAY;
    await purge.run();
    await purge.run();
    expect(await workspaces.find(WORKSPACE)).toBeUndefined();
    expect([await drafts.read(WORKSPACE), await releases.find(WORKSPACE)]).toEqual([{ workspaceId: WORKSPACE, files: {} }, undefined]);
    expect(await stored('workspaces/')).toEqual([`${OTHER}/${other.digest}`]);
    expect((await members.page({ limit: 10 })).items.map(({ document }) => document.workspaceId)).toEqual([OTHER]);
    expect(await workspaces.find(OTHER)).toBeDefined();
  });
});
