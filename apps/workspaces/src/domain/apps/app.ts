import { compareNumbers, inRange, isWithin, type Reach } from './number';
import { numberTaken, tooManyVersions, versionMissing } from './refusals';

/** A version of an app; only its state changes. */
export interface AppVersion {
  /** `major.minor.patch`. */
  readonly number: string;
  readonly changes: string;
  /** Of its files. */
  readonly digest: string;
  /** Digest of the contract, kept among the files of the app. */
  readonly contract: string;
  /** Digest of the permissions: what is consented to. */
  readonly permissions: string;
  readonly state: 'offered' | 'deprecated' | 'withdrawn';
  /** Why it is not offered any more. */
  readonly reason: string;
  readonly publishedBy: string;
  readonly publishedAt: number;
}

/** A workspace that others may install. Times are milliseconds since 1970. */
export interface App {
  /** Unique, for ever. */
  readonly slug: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly description: string;
  /** Id of the file of its workspace that is its photo; absent or empty: it has none. */
  readonly photo?: string;
  /** How it is used, as Markdown; absent: nothing is said. */
  readonly docs?: string;
  /** `private`: who may read apps in its workspace; `listed`: also the workspaces of `listedFor`; `public`: everybody. */
  readonly visibility: 'private' | 'listed' | 'public';
  readonly listedFor: readonly string[];
  /** In the order of their numbers. */
  readonly versions: readonly AppVersion[];
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who changed what the catalogue says of it; absent: nobody did. */
  readonly updatedBy?: string;
}

const MOST_VERSIONS = 200;

/** Where the files of an app are kept, in the place of a workspace: they outlive the versions of the workspace it is published from. */
export function appStore(slug: string): string {
  return `app.${slug}`;
}

/** The app with another version. A number is published once, and only after smaller ones. */
export function addVersion(app: App, version: AppVersion): App {
  const last = app.versions.at(-1);
  if (last !== undefined && compareNumbers(version.number, last.number) <= 0) throw numberTaken(app.slug, version.number, last.number);
  if (app.versions.length >= MOST_VERSIONS) throw tooManyVersions(app.slug, MOST_VERSIONS);
  return { ...app, versions: [...app.versions, version], updatedAt: version.publishedAt };
}

/** The version of a number; refuses one that there is not. */
export function versionOf(app: App, number: string): AppVersion {
  const version = app.versions.find((one) => one.number === number);
  if (version === undefined) throw versionMissing(app.slug, number);
  return version;
}

/** The largest number in a range that may be installed: one that is advised against only where nothing else is in the range. */
export function newestIn(app: App, range: string): AppVersion | undefined {
  const fits = inRange(range);
  const found = app.versions.filter(({ number, state }) => state !== 'withdrawn' && fits(number));
  return found.findLast(({ state }) => state === 'offered') ?? found.at(-1);
}

/** The largest number in a range that is offered, after another one and no farther from it than that. */
export function nextIn(app: App, range: string, from: string, reach: Reach): AppVersion | undefined {
  const fits = inRange(range);
  return app.versions.findLast(({ number, state }) => state === 'offered' && fits(number) && isWithin(reach, from, number));
}

/** The app with a version in another state. */
export function turnVersion(app: App, number: string, state: AppVersion['state'], reason: string): App {
  versionOf(app, number);
  return { ...app, versions: app.versions.map((one) => (one.number === number ? { ...one, state, reason } : one)) };
}
