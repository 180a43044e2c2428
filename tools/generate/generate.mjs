// Writes every generated file anew: `npm run generate`. Running it twice changes nothing; `npm run verify` holds that it was run.
import { spawnSync } from 'node:child_process';

/** The steps, in order: each reads what the ones before it wrote. */
const STEPS = [
  [process.execPath, 'tools/generate/imported-protos.mjs'],
  ['node_modules/.bin/buf', 'generate'],
  [process.execPath, 'tools/generate/comments.mjs'],
  [process.execPath, 'tools/generate/problem-codes.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/openapi.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/client.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/schemas.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/command-line.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/configuration.mjs'],
  [process.execPath, '--import', './tools/generate/typescript-sources.mjs', 'tools/generate/nats-users.mjs'],
];

for (const [program = '', ...args] of STEPS) {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`\`${[program, ...args].join(' ')}\` failed; what it wrote is above. The generated files after it are as they were.`);
    process.exit(1);
  }
}
