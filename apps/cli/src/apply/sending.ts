import type { Api } from '@millrace/client';
import type { Digests } from './three-trees';
import type { Tree } from './tree';

/** Bytes of JSON that one request holds, with room for the rest of it. */
const ROOM = 700_000;

/** Files as an apply names them: by texts, or by digests of texts that the server has. */
export interface Sent {
  readonly files: Readonly<Record<string, string>>;
  readonly known: Readonly<Record<string, string>>;
}

/** What has to be sent of a tree when a server has some of it; texts that are too much for one request are sent before. */
export async function sent({ drafts }: Api, workspaceId: string, tree: Tree, theirs: Digests): Promise<Sent> {
  const there = new Set(theirs.values());
  const known = [...tree].filter(([, { digest }]) => there.has(digest));
  const missing = [...tree].filter(([, { digest }]) => !there.has(digest));
  const digests = (files: typeof known): Sent['known'] => Object.fromEntries(files.map(([path, { digest }]) => [path, digest]));
  if (sizeOf(missing.map(([, { text }]) => text)) <= ROOM) {
    return { files: Object.fromEntries(missing.map(([path, { text }]) => [path, text])), known: digests(known) };
  }
  for (const texts of portions([...new Set(missing.map(([, { text }]) => text))])) await drafts.stageTexts({ workspaceId, texts });
  return { files: {}, known: digests([...tree]) };
}

function portions(texts: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const text of texts) {
    const last = all.at(-1) ?? [];
    if (last.length === 0 || sizeOf([...last, text]) <= ROOM) last.push(text);
    else all.push([text]);
  }
  return all;
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)), 0);
}
