/**
 * Packages that would run a script while they are installed, and why they work without it: scripts are off (`.npmrc`).
 * @type {Readonly<Record<string, string>>}
 */
export const WITHOUT_THEIR_SCRIPT = {
  '@bufbuild/buf': 'links its program, which comes as a package for each platform and is found without the link',
  '@parcel/watcher': 'compiles what comes as a package for each platform; only the development server of the build loads it',
  '@swc/core': 'looks whether its package for the platform is there',
  protobufjs: 'says how to write a version',
  'unrs-resolver': 'looks whether its package for the platform is there',
};

/**
 * A weakness that is known and stays for a while: `why` says what keeps anybody from using it here, `until` is the day (ISO 8601) on which this is
 * looked at again, and from which on it fails the gate.
 * @typedef {{ advisory: string, why: string, until: string }} Accepted
 */

/** @type {readonly Accepted[]} */
export const ACCEPTED = [];
