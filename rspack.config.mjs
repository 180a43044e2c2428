/**
 * What Nest's builder lacks: it knows Node's modules by their names without scheme, and some, like node:sqlite, have none.
 * @param {import('@rspack/core').Configuration} options
 * @returns {import('@rspack/core').Configuration}
 */
export default (options) => ({
  ...options,
  externals: [
    ({ request }, callback) => (request?.startsWith('node:') ? callback(undefined, `module ${request}`) : callback()),
    ...[options.externals ?? []].flat(),
  ],
});
