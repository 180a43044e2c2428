// Which Node may do what. Pure, and written in the JavaScript of old Nodes: this file is read before the version is known to be enough.

/** The oldest Node that can run the launcher and npm. */
const LAUNCHES = '20.0.0';
/** The oldest Node that can run Millrace and its tests. */
const RUNS = '24.9.0';
const HOW =
  'Install Node 24 from https://nodejs.org/en/download or with your version manager (`nvm install 24`), then run the same command again.';

/**
 * Whether `version` is `wanted` or newer; both are `major.minor.patch`.
 * @param {string} version
 * @param {string} wanted
 */
export function atLeast(version, wanted) {
  const have = version.split('.').map(Number);
  const want = wanted.split('.').map(Number);
  const differing = want.findIndex((part, index) => part !== have[index]);
  return differing === -1 || Number(have[differing]) > Number(want[differing]);
}

/**
 * The sentence for a Node that cannot even launch; undefined when it can.
 * @param {string} version
 */
export function tooOldToLaunch(version) {
  return atLeast(version, LAUNCHES) ? undefined : 'This is Node ' + version + '; Millrace needs Node 20 or newer to start. ' + HOW;
}

/**
 * The npm package that carries the pinned Node for a machine; undefined where there is none.
 * @param {string} platform as in process.platform
 * @param {string} architecture as in process.arch
 */
export function pinnedPackage(platform, architecture) {
  return platform === 'linux' && ['x64', 'arm64'].includes(architecture) ? 'node-linux-' + architecture : undefined;
}

/**
 * The Node that Millrace runs on: the pinned one where it answers, else the current one where it is new enough, else a sentence.
 * @param {{ path: string, version: string | undefined } | undefined} pinned undefined where none is published for the machine; a version
 *   only when the binary answered
 * @param {{ path: string, version: string, machine: string }} current
 * @returns {{ path: string } | { problem: string }}
 */
export function chooseNode(pinned, current) {
  if (pinned && pinned.version !== undefined) return { path: pinned.path };
  if (atLeast(current.version, RUNS)) return { path: current.path };
  const why = pinned
    ? 'the pinned Node that npm installs (' + pinned.path + ') does not run on this machine'
    : 'a pinned Node comes with the packages for linux-x64 and linux-arm64 only, and this machine is ' + current.machine;
  return { problem: 'Millrace needs Node ' + RUNS + ' or newer. This is Node ' + current.version + ', and ' + why + '. ' + HOW };
}
