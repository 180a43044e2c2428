// Lets a spec start a process of its own from our TypeScript: `node --import <this file> program.ts`. Resolves the aliases of
// tsconfig.json and imports without extension; compiles as jest does.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';
import tsconfig from '../../tsconfig.json' with { type: 'json' };

const root = new URL('../../', import.meta.url);
/** @type {Record<string, string[]>} */
const aliases = tsconfig.compilerOptions.paths;

/** @type {import('@swc/core').Options} */
const options = {
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true },
    target: 'es2023',
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};

registerHooks({
  resolve(specifier, context, next) {
    const [file] = aliases[specifier] ?? [];
    if (file !== undefined) return next(new URL(file, root).href, context);
    const ours = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(ours && !/\.[cm]?[jt]s$/.test(specifier) ? `${specifier}.ts` : specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
