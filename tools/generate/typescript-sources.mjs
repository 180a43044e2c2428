// Lets a tool import the TypeScript sources as they stand: `node --import ./tools/generate/typescript-sources.mjs <tool>`. Aliases and
// extensions are resolved as tsconfig.json says; swc takes the types out and the decorators in.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const ROOT = new URL('../../', import.meta.url);
/** @type {{ compilerOptions: { paths: Record<string, string[]> } }} */
const { compilerOptions } = JSON.parse(readFileSync(new URL('tsconfig.json', ROOT), 'utf8'));

/** @param {string} source */
const withoutTypes = (source) =>
  transformSync(source, {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true }, target: 'es2023' },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  }).code;

registerHooks({
  resolve(specifier, context, next) {
    const [file] = compilerOptions.paths[specifier] ?? [];
    if (file !== undefined) return next(new URL(file, ROOT).href, context);
    if (specifier.startsWith('.') && context.parentURL !== undefined) {
      const base = new URL(specifier, context.parentURL).href;
      const source = [`${base}.ts`, `${base}/index.ts`].find((url) => existsSync(fileURLToPath(url)));
      if (source !== undefined) return next(source, context);
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    return { format: 'module', source: withoutTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true };
  },
});
