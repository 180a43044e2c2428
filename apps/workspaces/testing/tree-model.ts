import { createHash } from 'node:crypto';

/** Texts by their paths. */
export type Files = Readonly<Record<string, string>>;

/** What a workspace holds, as simply as it can be said. */
export interface Model {
  readonly draft: Files;
  readonly versions: readonly { readonly id: string; readonly files: Files }[];
  /** Index of the version that runs. */
  readonly active?: number;
}

/** Something that is done to a workspace. */
export type Deed =
  | { readonly kind: 'put'; readonly slug: string; readonly text: string }
  | { readonly kind: 'delete'; readonly slug: string }
  | { readonly kind: 'apply'; readonly files: Files; readonly prune: boolean }
  | { readonly kind: 'import'; readonly files: Files; readonly prune: boolean; readonly isBad: boolean }
  | { readonly kind: 'publish' }
  | { readonly kind: 'activate'; readonly version: number }
  | { readonly kind: 'checkout'; readonly version: number };

/** Something that is done, and perhaps the write at which the process dies of it. */
export interface Step {
  readonly deed: Deed;
  readonly crash?: { readonly writes: number; readonly isAfter: boolean } | undefined;
}

/** Of no version: there is no tree like it. */
const NONE: Files = { none: '' };

/** Automations by their paths. */
export function pathsOf(bySlug: Files): Files {
  return Object.fromEntries(Object.entries(bySlug).map(([name, source]) => [pathOf(name), source]));
}

/** Where an automation stands. */
export function pathOf(name: string): string {
  return `automations/${name}.yaml`;
}

/** What the deed makes of the model; undefined: it is refused, and changes nothing. `id`: of the version that it made. */
export function after(model: Model, done: Deed, id: string): Model | undefined {
  const { draft, versions } = model;
  switch (done.kind) {
    case 'publish': {
      // A tree is published anew unless it is the one that runs, or the newest.
      const last = versions.length - 1;
      const known = [model.active ?? -1, last].find((index) => digestOf(versions[index]?.files ?? NONE) === digestOf(draft)) ?? -1;
      return known < 0 ? { ...model, versions: [...versions, { id, files: draft }], active: versions.length } : { ...model, active: known };
    }
    case 'activate':
      return versions[done.version] === undefined ? undefined : { ...model, active: done.version };
    default: {
      const changed = draftAfter(model, done);
      return changed === undefined ? undefined : { ...model, draft: changed };
    }
  }
}

function draftAfter({ draft, versions }: Model, done: Exclude<Deed, { kind: 'publish' | 'activate' }>): Files | undefined {
  switch (done.kind) {
    case 'put':
      return { ...draft, [pathOf(done.slug)]: done.text };
    case 'delete': {
      const { [pathOf(done.slug)]: gone, ...left } = draft;
      return gone === undefined ? undefined : left;
    }
    case 'import':
      return done.isBad ? undefined : draftAfter({ draft, versions }, { ...done, kind: 'apply' });
    case 'apply':
      return done.prune ? done.files : { ...draft, ...done.files };
    case 'checkout':
      return versions[done.version]?.files;
  }
}

const sha = (content: string): string => createHash('sha256').update(content).digest('hex');

/** The digest that a tree has in the API. */
export function digestOf(tree: Files): string {
  const paths = Object.keys(tree).sort();
  return sha(paths.map((path) => `${sha(tree[path] ?? '')} ${Buffer.byteLength(tree[path] ?? '')} ${path}\n`).join(''));
}
