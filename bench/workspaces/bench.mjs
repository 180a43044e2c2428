// What publishing costs, how soon a version runs, and what many idle workspaces cost the others: quality.md §4.4.
// Options: `--rounds N`, `--idle N` (workspaces of the crowd), `--automations N` (of each of them).
import '../../tools/jest/run-typescript.mjs';

await import(new URL('measure.ts', import.meta.url).href);
