import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Lets plain Node run our sources: `@millrace/<lib>` and imports without an extension. Types are transformed by Node itself. */
const libs = new URL('../../../../../', import.meta.url);

registerHooks({
  resolve(specifier, context, next) {
    const [, lib] = /^@millrace\/([a-z]+)$/.exec(specifier) ?? [];
    if (lib !== undefined) return { url: new URL(`${lib}/src/index.ts`, libs).href, shortCircuit: true };
    const source = specifier.startsWith('.') ? new URL(`${specifier}.ts`, context.parentURL) : undefined;
    return source !== undefined && existsSync(source) ? { url: source.href, shortCircuit: true } : next(specifier, context);
  },
});
