// Writes docs/reference/config.md: every setting, from the schemas that read it and the comments in them. Run with
// `node --import ./tools/generate/typescript-sources.mjs tools/generate/configuration.mjs`.
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { pageOf } from './settings/page.mjs';
import { sections } from './settings/sections.mjs';

const OUT = 'docs/reference/config.md';

const head = `# Settings

Every setting is a variable of the environment, read once at the start. Each may also come from a file: \`MILLRACE_ADMIN_TOKEN_FILE\` names
the one that holds \`MILLRACE_ADMIN_TOKEN\`; one of the two is set, not both. An empty variable is one that is not set. A process reports all
that is wrong at once, by variable, and does not start. \`npm start\` is one process of all four services and takes the settings of each of
them. What \`docker-compose.yml\` takes is said in \`.env.example\`.

`;

writeFileSync(OUT, await format(`${head}${pageOf(sections())}`, { ...(await resolveConfig(OUT)), parser: 'markdown' }));
