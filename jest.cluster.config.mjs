import config, { aliases } from './jest.config.mjs';

/**
 * The specs that need the servers of `npm run stack`. `npm run test:cluster` runs them and brings the servers.
 * @type {import('jest').Config}
 */
export default {
  ...config,
  moduleNameMapper: aliases,
  testMatch: ['<rootDir>/{apps,libs,tools,e2e}/**/*.cluster.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Each starts clusters and kills servers of its own: two at once would make each other late.
  maxWorkers: 1,
  // A server on a busy machine may take its time.
  testTimeout: 120_000,
  // A spec that fails may leave connections open: that is said, and waited for by nobody.
  forceExit: true,
};
