import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StagedBlobs } from '@millrace/blobs';
import { DraftsService, ExchangeService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { CROWDED } from '../../testing/crowded';
import { Crash, Fuse, fused } from '../../testing/fused';
import { after, digestOf, pathOf, pathsOf, type Files, type Model, type Deed, type Step } from '../../testing/tree-model';
import { SweepTexts } from '../application/life/sweep-texts';
import { NamedTexts } from '../application/life/named-texts';
import { Drafts } from '../application/drafts';
import { BlobFileStore } from '../infrastructure/blob-file-store';
import { BlobUnnamedTexts } from '../infrastructure/blob-unnamed-texts';
import { DRAFTS, RELEASES, WORKSPACES } from '../infrastructure/collections';
import { workspacesService } from '../index';

/** Sequences that are tried: `MILLRACE_MODEL_SEQUENCES` says how many, `MILLRACE_MODEL_SEED` which. */
const SEQUENCES = Number(process.env['MILLRACE_MODEL_SEQUENCES'] ?? 15);
const SEED = Number(process.env['MILLRACE_MODEL_SEED'] ?? 1);

const slug = fc.constantFrom('a', 'b', 'c/d');
const text = fc.constantFrom('do: []\n', 'do: []\noutput: 1\n', 'name: B\ndo: []\n', 'do: []\noutput: ü\n');
const files = fc.dictionary(slug, text, { maxKeys: 3, noNullPrototype: true }).map((found) => pathsOf(found));
const rarely = fc.nat(4).map((drawn) => drawn === 0);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), slug, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), slug }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('apply' as const), files, prune: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('import' as const), files, prune: fc.boolean(), isBad: rarely }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'publish' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('activate' as const), version: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('checkout' as const), version: fc.nat(3) }) },
);
const crash = fc.record({ writes: fc.integer({ min: 1, max: 6 }), isAfter: fc.boolean() });
const sequence = fc.array(fc.record({ deed, crash: fc.option(crash, { nil: undefined, freq: 2 }) }), {
  minLength: 4,
  maxLength: 14,
});

describe('a workspace under whatever is done to it', () => {
  const ada = person('ada');
  const fuse = new Fuse();
  let bench: ServiceBench;
  let staged: StagedBlobs;
  let made = 0;

  beforeAll(async () => {
    bench = await serviceBench(fused(workspacesService(CROWDED), fuse));
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    staged = new StagedBlobs(bench.platform.blobs, service.parts.clock, service.parts.ids);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    made += 1;
    return (
      (await bench.bus.call(WorkspacesService.method.createWorkspace, { name: `Model ${made} here` }, bench.as(ada))).workspace?.id ?? ''
    );
  };

  const put = async (workspaceId: string, model: Model, { slug: name, text: source }: Extract<Deed, { kind: 'put' }>): Promise<unknown> => {
    const ifMatch = model.draft[pathOf(name)] === undefined ? '' : '*';
    const request = { workspaceId, slug: name, source: Buffer.from(source), ifMatch };
    return bench.bus.call(WorkspacesService.method.putAutomation, request, bench.as(ada));
  };

  const importInto = async (workspaceId: string, { files: given, isBad, prune }: Extract<Deed, { kind: 'import' }>): Promise<unknown> => {
    const { ref } = await staged.put(await archived(isBad ? { ...given, '../elsewhere': 'x' } : given));
    return bench.bus.call(ExchangeService.method.importWorkspace, { workspaceId, ref, prune }, bench.as(ada));
  };

  /** Does it; answers the id of the version that it made or made run. */
  const act = async (workspaceId: string, model: Model, done: Deed): Promise<string> => {
    const as = bench.as(ada);
    const version = versionIn(model, done);
    switch (done.kind) {
      case 'put':
        await put(workspaceId, model, done);
        return '';
      case 'delete':
        await bench.bus.call(WorkspacesService.method.deleteAutomation, { workspaceId, slug: done.slug, ifMatch: '*' }, as);
        return '';
      case 'apply':
        await bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files: done.files, prune: done.prune, ifMatch: '*' }, as);
        return '';
      case 'import':
        await importInto(workspaceId, done);
        return '';
      case 'publish':
        return (await bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId, message: 'm' }, as)).version?.id ?? '';
      case 'activate':
        await bench.bus.call(VersionsService.method.activateVersion, { workspaceId, version }, as);
        return version;
      case 'checkout':
        await bench.bus.call(VersionsService.method.checkoutVersion, { workspaceId, version }, as);
        return version;
    }
  };

  /** The workspace as it stands, every digest computed anew. */
  const seen = async (workspaceId: string): Promise<Model> => {
    const as = bench.as(ada);
    const { draft } = await bench.bus.call(DraftsService.method.getDraft, { workspaceId }, as);
    const { items } = await bench.bus.call(WorkspacesService.method.listVersions, { workspaceId, limit: 200 }, as);
    const { workspace } = await bench.bus.call(WorkspacesService.method.getWorkspace, { workspaceId }, as);
    const drafted = await texts(bench.bus.stream(WorkspacesService.method.fetchDraft, { workspaceId }, as));
    expect(draft?.digest).toBe(digestOf(drafted));
    const versions = await Promise.all(
      items.toReversed().map(async ({ id, digest }) => {
        const asked = { workspaceId, digest };
        const published = await texts(bench.bus.stream(WorkspacesService.method.fetchModel, asked, bench.as(servicePrincipal('gateway'))));
        expect(digest).toBe(digestOf(published));
        return { id, files: published };
      }),
    );
    const active = versions.findIndex(({ id }) => id === workspace?.activeVersion?.id);
    return { draft: drafted, versions, ...(active < 0 ? {} : { active }) };
  };

  /** Does a step, and finds what a process that does all of it, or dies in the middle of it, may leave. */
  const take = async (workspaceId: string, model: Model, { deed: done, crash: dying }: Step): Promise<Model> => {
    if (dying !== undefined) fuse.set(dying.writes, dying.isAfter);
    const [outcome] = await Promise.allSettled([act(workspaceId, model, done)]);
    const died = fuse.isBlown();
    if (died) await fuse.quiet();
    fuse.mend();
    const found = await seen(workspaceId);
    const wanted = after(model, done, outcome.status === 'fulfilled' ? outcome.value : newestOf(found));
    if (!died) expect(outcome.status).toBe(wanted === undefined ? 'rejected' : 'fulfilled');
    const isDone = wanted !== undefined && (!died || JSON.stringify(sorted(found)) === JSON.stringify(sorted(wanted)));
    const left = isDone ? wanted : model;
    expect(sorted(found)).toEqual(sorted(left));
    return left;
  };

  const play = async (workspaceId: string, steps: readonly Step[]): Promise<Model> => {
    let model: Model = { draft: {}, versions: [] };
    for (const step of steps) model = await take(workspaceId, model, step);
    return model;
  };

  /** Resolves when runtimes are told that this runs, whoever died before it was told. */
  const isTold = async (workspaceId: string, digest: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const bucket = await bench.platform.keyValue.bucket('active');
    const watch = await bucket.watch(workspaceId, ({ value }) => {
      const record = value === undefined ? undefined : (JSON.parse(Buffer.from(value).toString('utf8')) as { readonly digest: string });
      if (record?.digest === digest) resolve();
    });
    await promise;
    await watch.stop();
  };

  const sweep = async (workspaceId: string): Promise<void> => {
    const [service] = bench.services;
    if (service === undefined) throw new Error('The service does not run.');
    const { parts } = service;
    const releases = await parts.documents.collection(RELEASES);
    const drafts = new Drafts(await parts.documents.collection(DRAFTS));
    const unnamed = new BlobUnnamedTexts(bench.platform.blobs);
    const named = new NamedTexts(drafts, releases, new BlobFileStore(bench.platform.blobs));
    await new SweepTexts({
      workspaces: await parts.documents.collection(WORKSPACES),
      named,
      texts: unnamed,
      clock: bench.platform.clock,
    }).run();
    const wanted = await named.of(workspaceId);
    for await (const digest of unnamed.digests(workspaceId)) expect(wanted).toContain(digest);
  };

  it('holds what a simple model of it holds, whenever a process dies of it', async () => {
    const property = fc.asyncProperty(sequence, async (steps) => {
      const workspaceId = await create();
      const { versions, active } = await play(workspaceId, steps);
      if (active !== undefined) await isTold(workspaceId, digestOf(versions[active]?.files ?? {}));
      await sweep(workspaceId);
      expect((await seen(workspaceId)).versions).toHaveLength(versions.length);
    });
    await fc.assert(property, { numRuns: SEQUENCES, seed: SEED, endOnFailure: SEQUENCES > 100 });
  }, 3_600_000);

  it('is tried by processes that really die', async () => {
    const workspaceId = await create();
    fuse.set(1, false);
    await expect(fuse.write(() => Promise.resolve())).rejects.toBeInstanceOf(Crash);
    await expect(act(workspaceId, { draft: {}, versions: [] }, { kind: 'publish' })).rejects.toThrow('failed');
    fuse.mend();
  });
});

function versionIn({ versions }: Model, done: Deed): string {
  return 'version' in done ? (versions[done.version]?.id ?? 'ver_none') : '';
}

function newestOf({ versions }: Model): string {
  return versions.at(-1)?.id ?? '';
}

/** By path, so that two that hold the same are written alike. */
function sorted({ draft, versions, active }: Model): unknown {
  const inOrder = (tree: Files): unknown => Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  return { draft: inOrder(draft), versions: versions.map(({ id, files: tree }) => ({ id, files: inOrder(tree) })), active };
}

async function texts(handed: AsyncIterable<{ readonly path: string; readonly text: string }>): Promise<Files> {
  const found: Record<string, string> = {};
  for await (const { path, text: source } of handed) found[path] = source;
  return found;
}

/** The files as a tar that is compressed. */
async function archived(tree: Files): Promise<Uint8Array> {
  const tar = pack();
  for (const [name, source] of Object.entries(tree)) tar.entry({ name }, source);
  tar.finalize();
  return gzipSync(Buffer.concat((await Array.fromAsync(tar as AsyncIterable<unknown>)) as Uint8Array[]));
}
