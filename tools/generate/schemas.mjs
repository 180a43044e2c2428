// Writes docs/reference/schemas/: the JSON Schemas that a gateway serves at /schemas/v1/. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/schemas.mjs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { documentSchema } from '../../libs/language/src/index';

const OUT = 'docs/reference/schemas';

mkdirSync(OUT, { recursive: true });
for (const name of ['automation', 'workspace', 'event', 'apps']) {
  const file = `${OUT}/${name}.json`;
  writeFileSync(file, await format(JSON.stringify(documentSchema(name)), { ...(await resolveConfig(file)), parser: 'json' }));
}
