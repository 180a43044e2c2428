/** node:sqlite still announces itself as experimental; the version is pinned, so nobody needs to be told at each start. */
export const QUIET = '--disable-warning=ExperimentalWarning';

/** How jest is run, as arguments of the pinned Node: its support of ES modules hides behind a flag. */
export const JEST = ['--experimental-vm-modules', QUIET, 'node_modules/jest/bin/jest.js'];

/** All specs, without those of real servers (`npm run test:cluster`) and the batteries of security (`npm run verify:security`). */
export const ALL_SPECS = [
  '--testPathIgnorePatterns',
  ...['/node_modules/', String.raw`\.cluster\.spec\.ts$`, '<rootDir>/e2e/security/', '<rootDir>/e2e/authorization/'],
];
