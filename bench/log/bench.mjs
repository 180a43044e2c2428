// Events appended to the log and consumed from it per second: the embedded log, JetStream's, and the bare NATS client, in one run.
// Options: `--rounds N`, `--seconds N`.
import '../../tools/jest/run-typescript.mjs';

await import(new URL('measure.ts', import.meta.url).href);
