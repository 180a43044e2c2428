import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * One node of a profile as V8 writes it.
 * @typedef {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number, columnNumber: number }, children?: number[] }} Node
 * @typedef {{ nodes: Node[], samples: number[], timeDeltas: number[], startTime: number }} Profile
 * @typedef {{ part: string, name: string }} Owner whose time it is: a folder of ours, a package, a module of Node
 * @typedef {{ part: string, milliseconds: number, functions: Map<string, number> }} Share
 */

const IDLE = new Set(['(idle)', '(root)']);

/**
 * Where the time of a process went that was started with `--cpu-prof`, by folder of our sources and by package. What V8 and C++ do for a
 * function is that function's.
 * @param {string} file
 * @param {{ from: number, to: number }} window milliseconds since the profile began: what was before and after does not count
 * @returns {Share[]} most first
 */
export function sharesOf(file, { from, to }) {
  /** @type {Profile} */
  const profile = JSON.parse(readFileSync(file, 'utf8'));
  const ownerOf = owners(profile);
  /** @type {Map<string, Share>} */
  const shares = new Map();
  let at = 0;
  profile.samples.forEach((id, index) => {
    const milliseconds = (profile.timeDeltas[index] ?? 0) / 1000;
    at += milliseconds;
    const owner = at < from || at > to ? undefined : ownerOf(id);
    if (owner === undefined) return;
    /** @type {Share} */
    const share = shares.get(owner.part) ?? { part: owner.part, milliseconds: 0, functions: new Map() };
    share.milliseconds += milliseconds;
    share.functions.set(owner.name, (share.functions.get(owner.name) ?? 0) + milliseconds);
    shares.set(owner.part, share);
  });
  return [...shares.values()].toSorted((a, b) => b.milliseconds - a.milliseconds);
}

/**
 * @param {Profile} profile
 * @returns {(id: number) => Owner | undefined}
 */
function owners({ nodes }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const locate = locator();
  /** @type {Map<number, Owner | undefined>} */
  const known = new Map();
  /** @type {(id: number | undefined) => Owner | undefined} */
  const find = (id) => {
    const node = id === undefined ? undefined : byId.get(id);
    if (node === undefined || IDLE.has(node.callFrame.functionName)) return undefined;
    const { functionName, url } = node.callFrame;
    const above = parents.get(node.id);
    if (url !== '') return locate(node.callFrame);
    const caller = above === undefined ? undefined : find(above);
    if (caller === undefined) return { part: functionName.startsWith('(') ? functionName : '(engine)', name: functionName };
    return { part: caller.part, name: `${caller.name} › ${functionName}` };
  };
  return (id) => {
    if (!known.has(id)) known.set(id, find(id));
    return known.get(id);
  };
}

/** Finds the source of a place in a built file. */
function locator() {
  /** @type {Map<string, SourceMap | undefined>} */
  const maps = new Map();
  /** @param {Node['callFrame']} frame */
  return ({ url, lineNumber, columnNumber, functionName }) => {
    const name = functionName === '' ? `(line ${lineNumber + 1})` : functionName;
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
    if (found !== undefined) return { part: `package ${found}`, name };
    if (!url.startsWith('file:')) return { part: url.split('/')[0] ?? url, name: `${url}: ${name}` };
    if (!maps.has(url)) maps.set(url, mapOf(url));
    const entry = maps.get(url)?.findEntry(lineNumber, columnNumber);
    const source = entry !== undefined && 'originalSource' in entry ? sourceOf(entry.originalSource) : undefined;
    if (source === undefined) return { part: '(bundle)', name };
    return { part: source.replace('/src', '').replace(/\/[^/]+$/, ''), name: `${source.replace(/^.*\//, '')}: ${name}` };
  };
}

/** @param {string} url */
function mapOf(url) {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

/** @param {string} original */
function sourceOf(original) {
  return /((?:apps|libs)\/.+)$/.exec(original)?.[1];
}
