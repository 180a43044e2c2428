// What an event costs by the number of automations that do not want it: quality.md B12 and its growth.
import '../../tools/jest/run-typescript.mjs';

await import(new URL('measure.ts', import.meta.url).href);
