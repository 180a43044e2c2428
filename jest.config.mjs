import { existsSync, readdirSync } from 'node:fs';
const paths = (await import('./tsconfig.json', { with: { type: 'json' } })).default.compilerOptions.paths;

/** The aliases of tsconfig.json, for jest. */
export const aliases = Object.fromEntries(Object.entries(paths).map(([alias, [file]]) => [`^${alias}$`, file.replace('./', '<rootDir>/')]));

/** Drivers that only specs with real servers load. */
const drivers = Object.fromEntries(
  ['mongoose', 'minio', '@elastic/elasticsearch'].map((name) => [`^${name}$`, '<rootDir>/tools/jest/no-drivers.ts']),
);

/** Where a wrong branch costs most; measured folder by folder. Everything else together meets the overall bar. */
const strict = [
  ...['language', 'kernel', 'auth'].map((lib) => `libs/${lib}`),
  ...readdirSync('apps').flatMap((app) => ['domain', 'application'].map((layer) => `apps/${app}/src/${layer}`)),
].filter((folder) => existsSync(folder));

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // A wall for what hangs, not a measure of what is slow: the machine may be busy.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/tools/jest/counts-reporter.mjs'],
  maxWorkers: '100%',
  // What a spec has loaded stays in its worker, and there are hundreds: a worker that has grown so large makes room for a new one.
  workerIdleMemoryLimit: '1500MB',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { ...aliases, ...drivers },
  setupFiles: ['<rootDir>/tools/jest/setup.ts'],
  testMatch: ['<rootDir>/{apps,libs,tools,e2e}/**/*.spec.ts'],
  // These need real servers: `npm run test:cluster`.
  testPathIgnorePatterns: ['/node_modules/', String.raw`\.cluster\.spec\.ts$`],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
          target: 'es2023',
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // Babel, not v8: v8 counts a file of types as uncovered and merges branches that were told apart in the source.
  coverageProvider: 'babel',
  coverageReporters: ['text', 'json-summary'],
  collectCoverageFrom: [
    '{apps,libs}/**/*.ts',
    '!**/gen/**',
    '!**/*.{spec,contract}.ts',
    '!apps/*/src/main.ts',
    '!libs/testing/**',
    '!apps/*/src/simulation/**',
    // Held by suites against real servers (`npm run test:cluster`), which `npm test` does not have.
    '!libs/*/src/**/{jetstream,nats,mongo,s3,elasticsearch}/**',
  ],
  coverageThreshold: {
    global: { lines: 80, branches: 80 },
    ...Object.fromEntries(strict.map((folder) => [`./${folder}/`, { lines: 95, branches: 95 }])),
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.stack', '<rootDir>/bench/peers'],
};
