import { isNativeType, type JsonMap } from '@millrace/kernel';
import { instanceReserved, lockInvalid } from './refusals';

/** Paths of the files that say what a workspace has installed: what was asked for, and what was found for it. */
export const INSTALLED_PATH = 'apps.yaml';
export const LOCK_PATH = 'apps.lock';

/** An entry of `apps.yaml`. */
export interface Installed {
  /** Name of the instance. */
  readonly slug: string;
  readonly app: string;
  readonly range: string;
  readonly config: JsonMap;
  readonly disabled: boolean;
  readonly labels: readonly string[];
}

/** An entry of `apps.lock`: exactly what an instance runs. */
export interface Locked {
  readonly app: string;
  readonly version: string;
  /** Of its files. */
  readonly digest: string;
  /** Digest of the permissions that were consented to. */
  readonly consent: string;
}

/** By instance. */
export type Lock = Readonly<Record<string, Locked>>;

/** What a lock says of an instance, whatever its name; undefined: nothing. */
export function findLocked(lock: Lock, slug: string): Locked | undefined {
  return Object.hasOwn(lock, slug) ? lock[slug] : undefined;
}

/** What a lock says of an instance; refuses when it says nothing of it, or names another app. */
export function demandLocked(lock: Lock, { slug, app }: Pick<Installed, 'slug' | 'app'>): Locked {
  const locked = findLocked(lock, slug);
  if (locked?.app === app) return locked;
  throw lockInvalid(`apps.lock says nothing of "${slug}", or of another app.`);
}

/** Refuses a name of an instance that events of the platform begin with. */
export function demandUnreserved(slug: string): void {
  if (isNativeType(`${slug}.x`) || isNativeType(slug)) throw instanceReserved(slug);
}

/** Instances of a workspace. */
export const MOST_INSTANCES = 100;

/** Apps that run in a workspace, those in others among them. */
export const MOST_MOUNTS = 200;

/** How deep apps may stand in apps. */
export const DEEPEST = 5;
