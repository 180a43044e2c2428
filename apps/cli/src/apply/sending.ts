import type { Server } from '../server/server';
import { sendBytes } from './bytes';
import type { Digests } from './three-trees';
import type { Tree } from './tree';

/** Bytes of JSON that one request holds, with room for the rest of it. */
const ROOM = 700_000;

/** Files as an apply names them: by texts, or by digests of texts that the server has. */
export interface Sent {
  readonly files: Readonly<Record<string, string>>;
  readonly known: Readonly<Record<string, string>>;
}

/** What has to be sent of a tree when a server has some of it; assets, and texts that are too much for one request, are sent before. */
export async function sent(
  { api, client }: Pick<Server, 'api' | 'client'>,
  workspaceId: string,
  tree: Tree,
  theirs: Digests,
): Promise<Sent> {
  const there = new Set(theirs.values());
  const missing = [...tree].filter(([, { digest }]) => !there.has(digest));
  const texts = missing.flatMap(([path, { content }]) => (typeof content === 'string' ? [[path, content] as const] : []));
  const assets = new Map(missing.map(([, { content, digest }]) => [digest, content]));
  for (const content of assets.values()) if (typeof content !== 'string') await sendBytes(client, workspaceId, content);
  const isInOne = sizeOf(texts.map(([, text]) => text)) <= ROOM;
  if (!isInOne) {
    for (const some of portions([...new Set(texts.map(([, text]) => text))])) await api.drafts.stageTexts({ workspaceId, texts: some });
  }
  const files = Object.fromEntries(isInOne ? texts : []);
  const known = [...tree].filter(([path]) => !Object.hasOwn(files, path)).map(([path, { digest }]) => [path, digest] as const);
  return { files, known: Object.fromEntries(known) };
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
