import { isBuiltin } from 'node:module';

/** Programs that are published by themselves: packages are inside, and each lazy import is a file of its own. */
const WHOLE = ['apps/cli/main.js'];

/**
 * What Nest's builder lacks: it knows Node's modules by their names without scheme, and some, like node:sqlite, have none.
 * @param {import('@rspack/core').Configuration} options
 * @returns {import('@rspack/core').Configuration}
 */
export default (options) => ({
  ...options,
  externals: [
    ({ request = '' }, callback) => (isBuiltin(request) ? callback(undefined, `module ${request}`) : callback()),
    ...(WHOLE.includes(String(options.output?.filename)) ? [] : [options.externals ?? []].flat()),
  ],
});
