import type { Api, AnswerOf } from '@millrace/client';
import type { Server } from '../server/server';
import type { Invocation } from '../usage/command';
import { baseOf } from './last-met';
import { commitOf } from './commit';
import { sent } from './sending';
import type { Sent } from './sending';
import { takeOf } from './take';
import { drifted } from './three-trees';
import type { Digests, Drifted } from './three-trees';
import { isPart, rootOf, treeOf } from './tree';
import type { Tree } from './tree';

type Answer = AnswerOf<Api['drafts']['applyDraft']>;

/** What an apply would do, and all it takes to do it. */
export interface Planned {
  readonly root: string;
  readonly url: string;
  readonly workspace: { readonly id: string; readonly slug: string };
  /** The folder as it will stand on the server: where `--take theirs` says so, their files. */
  readonly tree: Tree;
  readonly theirs: Digests;
  readonly plan: Answer;
  /** What nobody has decided yet. */
  readonly open: readonly Drifted[];
  /** What `--take` has decided. */
  readonly decided: readonly Drifted[];
  readonly request: Sent & { readonly workspaceId: string; readonly prune: boolean; readonly origin?: { readonly commit: string } };
}

/** Compares the folder, the draft of the server, and what the folder last saw there. Writes nothing. */
export async function planned({ api, client, url, workspace }: Server, invocation: Invocation, folder: string): Promise<Planned> {
  const root = rootOf(folder);
  const mine = treeOf(root);
  const take = takeOf(invocation);
  const { id = '', slug = '' } = await api.workspaces.getWorkspace({ workspaceId: workspace() });
  const { files } = await api.drafts.getDraft({ workspaceId: id });
  const theirs: Digests = new Map(files.map(({ path = '', digest = '' }) => [path, digest]));
  const prune = invocation.on('prune');
  const commit = invocation.value('commit') ?? commitOf(root);
  const origin = commit === undefined ? {} : { origin: { commit } };
  const ask = async (request: Sent): Promise<Answer> =>
    api.drafts.applyDraft({ workspaceId: id, ...request, prune, dryRun: true, ...origin });

  const first = keeping(await sent({ api, client }, id, mine, theirs), theirs);
  const plan = await ask(first);
  const own = baseOf(root, url, id);
  const all = own === undefined ? driftOf(plan) : drifted(new Map(Object.entries(own.files)), theirs, digestsOf(mine));
  const yielded = new Set(all.filter(({ path }) => take(path) === 'theirs').map(({ path }) => path));
  const request = yielded.size === 0 ? first : yielding(first, yielded, theirs);
  return {
    root,
    url,
    workspace: { id, slug },
    tree: mine,
    theirs,
    plan: yielded.size === 0 ? plan : await ask(request),
    open: all.filter(({ path }) => take(path) === undefined),
    decided: all.filter(({ path }) => take(path) !== undefined),
    request: { workspaceId: id, ...request, prune, ...origin },
  };
}

/** The digests of a tree. */
export function digestsOf(tree: Tree): Digests {
  return new Map([...tree].map(([path, { digest }]) => [path, digest]));
}

/** The request with those files of the server that have no place in a folder: they stay. */
function keeping({ files, known }: Sent, theirs: Digests): Sent {
  return { files, known: { ...Object.fromEntries([...theirs].filter(([path]) => !isPart(path))), ...known } };
}

/** The request with the files of the server where those shall stay. */
function yielding({ files, known }: Sent, yielded: ReadonlySet<string>, theirs: Digests): Sent {
  const others = <Value>(all: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(all).filter(([path]) => !yielded.has(path)));
  const kept = [...theirs].filter(([path]) => yielded.has(path));
  return { files: others(files), known: { ...others(known), ...Object.fromEntries(kept) } };
}

/** What the server itself knows of changes since the last apply; of a workspace that never saw one, that files there differ from ours. */
function driftOf({ base, drift, conflicts, changes }: Answer): readonly Drifted[] {
  if (base === undefined) return changes.flatMap(({ path = '', change }) => (change === 'changed' ? [{ path, conflict: true }] : []));
  const both = new Set(conflicts.map(({ path }) => path));
  const touched = new Set(changes.map(({ path }) => path));
  return drift.flatMap(({ path = '' }) => (touched.has(path) ? [{ path, conflict: both.has(path) }] : []));
}
