// What publishing costs, how soon a version runs, and what many idle workspaces cost the others: quality.md §4.4.
// Options: `--rounds N`, `--idle N` (workspaces of the crowd).
import '../../tools/jest/run-typescript.mjs';

await import(new URL('measure.ts', import.meta.url).href);
