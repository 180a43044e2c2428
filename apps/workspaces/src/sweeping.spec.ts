import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderBlobs, type Blobs } from '@millrace/blobs';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import fc from 'fast-check';
import { Drafts } from './application/drafts';
import { Facts } from './application/facts';
import { manyOf, oneOf, textsOf } from './application/life/belongings';
import { NamedTexts } from './application/life/named-texts';
import { PurgeWorkspaces } from './application/life/purge-workspaces';
import { SweepTexts } from './application/life/sweep-texts';
import { ensure } from './application/ensure';
import { writeFiles } from './domain/draft';
import { deleteWorkspace } from './domain/life';
import { addVersion, nextNumber, noReleases, parseTree, treeText, type Releases } from './domain/releases';
import { createWorkspace, type Workspace } from './domain/workspace';
import { BlobFileStore } from './infrastructure/blob-file-store';
import { BlobUnnamedTexts } from './infrastructure/blob-unnamed-texts';
import { DRAFTS, MEMBERS, RELEASES, WORKSPACES } from './infrastructure/collections';

class HandClock extends Clock {
  time = 1_000_000_000_000;

  override now(): number {
    return this.time;
  }
}

const DAY = 86_400_000;
const WORKSPACE = 'ws_00000000000000000000000001';
const OTHER = 'ws_00000000000000000000000002';

type Step =
  | { readonly kind: 'write'; readonly path: string; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'crash'; readonly text: string }
  | { readonly kind: 'publish' | 'forget' | 'sweep' | 'month' };

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
    await drafts.change(WORKSPACE, (draft) => {
      return { document: writeFiles(draft, new Map([[path, file]]), { by: 'ada', at: 0 }), events: [], result: undefined };
    });
  };

  const publish = async (): Promise<void> => {
    const { files: now } = await drafts.read(WORKSPACE);
    const tree = Object.entries(now).map(([path, { digest, size }]) => ({ path, digest, size }));
    const { digest } = await files().put(WORKSPACE, treeText(tree));
    await ensure(releases, WORKSPACE, () => noReleases(WORKSPACE));
    await releases.update(WORKSPACE, (before) => {
      const number = nextNumber(before);
      const version = { id: `ver_${number}`, number, message: '', digest, author: 'ada', publishedAt: 0, changes: 0 };
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
    for (const { digest } of [...Object.values(draft.files), ...trees.flat()]) {
      expect(files().digestOf(await files().get(WORKSPACE, digest)).digest).toBe(digest);
    }
  };

  it('is put aside when nothing names it, and removed a month later', async () => {
    await write('a', 'kept');
    const { digest } = await files().put(WORKSPACE, 'left by a crash');
    await sweep.run();
    expect(await stored(`workspaces/${WORKSPACE}/`)).not.toContain(digest);
    expect(await stored(`retired/${WORKSPACE}/`)).toEqual([digest]);
    clock.time += 32 * DAY;
    await sweep.run();
    expect([await stored('retired/'), await stored('retired-at/')]).toEqual([[], []]);
    await demandWhole();
  });

  it('comes back when it is named after all, though it was found before it was put aside', async () => {
    const slow = files();
    const { digest, size } = await slow.put(WORKSPACE, 'on its way');
    await sweep.run();
    await drafts.change(WORKSPACE, (draft) => {
      const document = writeFiles(draft, new Map([['a', { digest, size }]]), { by: 'ada', at: 0 });
      return { document, events: [], result: undefined };
    });
    clock.time += 32 * DAY;
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
      fc.record({ kind: fc.constantFrom('publish', 'forget', 'sweep', 'month') }),
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
        case 'month':
          clock.time += 32 * DAY;
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
    clock.time += 32 * DAY;
    await sweep.run();
    await demandWhole();
    const named = await new NamedTexts(drafts, releases, files()).of(WORKSPACE);
    expect(new Set(await stored(`workspaces/${WORKSPACE}/`))).toEqual(named);
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
