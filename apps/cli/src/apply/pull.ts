import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onServer } from '../server/server';
import { harmless } from '../terminal/paint';
import { bytesThere } from './bytes';
import { baseOf, keepBase } from './last-met';
import { digestsOf } from './planned';
import { takeOf } from './take';
import { drifted } from './three-trees';
import type { Digests } from './three-trees';
import { isPart, rootOf, treeOf } from './tree';

const CONFLICT = 5;

/** `millrace pull`: what changed on the server since the folder last saw it comes into the folder; what the folder changed stays. */
export const performPull = onServer(async ({ api, client, url, workspace }, invocation, { folder, notes }) => {
  const root = rootOf(folder);
  const take = takeOf(invocation);
  const { id = '' } = await api.workspaces.getWorkspace({ workspaceId: workspace() });
  const { files } = await api.drafts.getDraft({ workspaceId: id });
  const theirs: Digests = new Map(files.filter(({ path = '' }) => isPart(path)).map(({ path = '', digest = '' }) => [path, digest]));
  const base: Digests = new Map(Object.entries(baseOf(root, url, id)?.files ?? {}));
  const changed = drifted(base, theirs, digestsOf(treeOf(root)));
  const open = changed.filter(({ path, conflict }) => conflict && take(path) === undefined);
  const pulled = changed.filter(({ path, conflict }) => (conflict ? take(path) === 'theirs' : take(path) !== 'mine'));
  const dry = invocation.on('dry-run');
  for (const { path } of pulled) {
    if (!dry) await bring(path, theirs.has(path), root, () => bytesThere(client, id, path));
    notes.write(`${theirs.has(path) ? '<' : '-'} ${harmless(path)}\n`);
  }
  for (const { path } of open) notes.write(`! ${harmless(path)}  both sides changed it: --take mine or theirs\n`);
  if (!dry) {
    const unseen = new Set(open.map(({ path }) => path));
    const seen = [...theirs].filter(([path]) => !unseen.has(path));
    const before = [...base].filter(([path]) => unseen.has(path));
    keepBase(root, { url, workspace: id, files: Object.fromEntries([...seen, ...before]) });
  }
  if (pulled.length + open.length === 0 && !invocation.on('quiet')) notes.write('Nothing has changed there.\n');
  return open.length > 0 ? CONFLICT : 0;
});

/** Makes a file of the folder what it is on the server, or removes it. */
async function bring(path: string, there: boolean, root: string, read: () => Promise<Uint8Array>): Promise<void> {
  const place = join(root, path);
  if (!there) return rmSync(place, { force: true });
  const bytes = await read();
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, bytes);
}
