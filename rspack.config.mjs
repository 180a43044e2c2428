import { isBuiltin } from 'node:module';
import { join } from 'node:path';

/** Programs that are published by themselves: packages are inside, and each lazy import is a file of its own. */
const WHOLE = ['apps/cli/main.js'];

/** What the pinned Node runs as it is. Nest's builder writes for an older one: private fields become look-ups in maps, a tenth of all the time. */
const TARGET = 'es2024';

/** Whose modules do nothing but export: of a lib only what a program uses is loaded, and the clients of servers only where they are used. */
const LIBS = join(import.meta.dirname, 'libs');

/**
 * What Nest's builder lacks: it knows Node's modules by their names without scheme, and some, like node:sqlite, have none.
 * @param {import('@rspack/core').Configuration} options
 * @returns {import('@rspack/core').Configuration}
 */
export default (options) => ({
  ...options,
  module: { ...options.module, rules: [...(options.module?.rules ?? []).map(forThisNode), { include: LIBS, sideEffects: false }] },
  optimization: { ...options.optimization, providedExports: true, sideEffects: true },
  externals: [
    ({ request = '', dependencyType }, callback) =>
      isBuiltin(request) ? callback(undefined, builtin(request, dependencyType)) : callback(),
    ...(WHOLE.includes(String(options.output?.filename)) ? [] : [options.externals ?? []].flat()),
  ],
});

/**
 * A module of Node's. Who requires it wants what it is, `class … extends require('events')`, and not a list of its names.
 * @param {string} name
 * @param {string | undefined} asked
 */
function builtin(name, asked) {
  return `${asked === 'commonjs' ? 'node-commonjs' : 'module'} ${name}`;
}

/**
 * @param {import('@rspack/core').RuleSetRule | '...' | false | 0 | '' | null | undefined} rule
 */
function forThisNode(rule) {
  if (typeof rule !== 'object' || !Array.isArray(rule?.use)) return rule;
  return { ...rule, use: rule.use.map(compiling) };
}

/**
 * @param {import('@rspack/core').RuleSetUseItem} item
 */
function compiling(item) {
  if (typeof item !== 'object' || item.loader !== 'builtin:swc-loader' || typeof item.options !== 'object') return item;
  return { ...item, options: { ...item.options, jsc: { ...item.options['jsc'], target: TARGET } } };
}
