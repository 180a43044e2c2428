import { resolve } from 'node:path';
import { mapIn, parsed } from '../data/read';
import { textOf } from '../folder/disk';
import { Refused } from '../refused';
import type { Planned } from './planned';

/** A plan in a file: by it an apply knows that it does what was looked at. */
export interface Saved {
  readonly url: string;
  readonly workspace: string;
  /** Digest of the draft that was planned for, and of what it would become. */
  readonly draft: string;
  readonly planned: string;
}

export function savedOf({ url, workspace, plan }: Planned): Saved {
  return { url, workspace: workspace.id, draft: plan.digest ?? '', planned: plan.plannedDigest ?? '' };
}

/** Refuses an apply that is not the one of a saved plan: of another place, of a draft that moved, of a folder that changed. */
export function demandSaved(file: string, folder: string, found: Planned): void {
  const saved = mapIn(parsed(textOf(resolve(folder, file), file), file), file);
  const now = savedOf(found);
  const odd = WHAT.find(([key]) => saved[key] !== now[key]);
  if (odd === undefined) return;
  throw new Refused('cli.plan_stale', 'conflict', `${file} was made for another ${odd[1]}.`, 'plan once more.');
}

const WHAT: readonly (readonly [keyof Saved, string])[] = [
  ['url', 'server'],
  ['workspace', 'workspace'],
  ['draft', 'state of the server: the draft has moved since'],
  ['planned', 'state of this folder: its files, or the flags, have changed since'],
];
