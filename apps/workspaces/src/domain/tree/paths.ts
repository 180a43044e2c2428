import { DomainError, type FieldProblem } from '@millrace/kernel';

/** Letters that no two systems, fonts or normal forms take for others. A segment begins with no dot, and ends with none. */
const SEGMENT = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
const LONGEST = 200;
/** What names something else in every JavaScript object, and nothing in a folder. */
const RESERVED = '__proto__';

/** What is wrong with a path of a file of a workspace; undefined: nothing. */
export function pathFault(path: string): string | undefined {
  if (path.length > LONGEST) return `A path has at most ${LONGEST} characters.`;
  const segments = path.split('/');
  if (segments.includes('..') || segments.includes('.') || segments.includes('')) {
    return 'A path is relative, without "." or ".." and without empty parts.';
  }
  if (segments.some((segment) => segment.split('.').includes(RESERVED))) return `No part of a path may be ${RESERVED}.`;
  if (!segments.every((segment) => SEGMENT.test(segment))) {
    return 'The parts of a path are made of A–Z, a–z, 0–9, ".", "_" and "-", and neither begin nor end with a dot.';
  }
  return undefined;
}

/** A file or a folder. */
interface Place {
  readonly name: string;
  readonly isFile: boolean;
}

/** Paths that a system that knows no case could not keep side by side, and files that stand where others have a folder; each with what it meets. */
export function collisionsOf(paths: Iterable<string>): readonly (readonly [path: string, other: string])[] {
  const taken = new Map<string, Place>();
  const found: (readonly [string, string])[] = [];
  for (const path of paths) {
    const other = takePlaces(path, taken);
    if (other !== undefined) found.push([path, other]);
  }
  return found;
}

/** Takes the places of a path, up to one that is another's already: whose. */
function takePlaces(path: string, taken: Map<string, Place>): string | undefined {
  for (const place of placesOf(path)) {
    const key = place.name.toLowerCase();
    const other = taken.get(key);
    if (other === undefined) taken.set(key, place);
    else if (other.name !== place.name || other.isFile || place.isFile) return other.name;
  }
  return undefined;
}

/** The file and the folders that it stands in, outermost first. */
function placesOf(path: string): readonly Place[] {
  const segments = path.split('/');
  return segments.map((_, index) => ({ name: segments.slice(0, index + 1).join('/'), isFile: index === segments.length - 1 }));
}

const SHOWN = 50;

/** Refuses paths that no folder could hold beside what stands there: all of them at once, each with its reason. */
export function demandPaths(paths: readonly string[], beside: readonly string[]): void {
  const added = new Set(paths);
  const faults = paths.flatMap((path) => {
    const fault = pathFault(path);
    return fault === undefined ? [] : [problemOf(path, fault)];
  });
  const collisions = collisionsOf([...beside.filter((path) => !added.has(path)), ...paths]).map(([path, other]) =>
    problemOf(path, `It cannot stand beside "${other}" in one folder.`),
  );
  const errors = [...faults, ...collisions];
  const [first] = errors;
  if (first === undefined) return;
  throw new DomainError('workspaces.paths_refused', 'invalid', `${errors.length} of the paths cannot be taken. ${first.detail}`, {
    errors: errors.slice(0, SHOWN),
  });
}

function problemOf(path: string, fault: string): FieldProblem {
  const shown = path.slice(0, LONGEST);
  return { pointer: pointerTo(shown), code: 'path', detail: `${JSON.stringify(shown)}: ${fault}` };
}

/** Where a file stands in what a caller sent (RFC 6901). */
export function pointerTo(path: string): string {
  return `/files/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
