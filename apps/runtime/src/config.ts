import type { Limits } from '@millrace/language';
import { ConfigTexts, readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const KIB = 1024;
const MIB = 1024 * KIB;
const DAY = 86_400_000;

/** A whole number of one or more, up to a most that is ours. */
const whole = (most: number) => z.coerce.number().int().min(1).max(most);

/** The most that runs and their fetches may use up; `limits` of a workspace may lower those of its runs. Sizes are characters of JSON. */
const ceilings = {
  /** Milliseconds for one attempt of a fetch; for a stream between two events. */
  fetchTimeout: whole(DAY).default(30_000),
  /** Bytes of the answer to a fetch, unpacked. */
  fetchMaxBytes: whole(1024 * MIB).default(10 * MIB),
  /** Redirects a fetch follows. */
  fetchRedirects: z.coerce.number().int().min(0).max(10).default(3),
  /** Instructions of a run. */
  runMaxInstructions: whole(1_000_000_000).default(1_000_000),
  /** Effects of a run: what it emits, writes, fetches, waits for. */
  runMaxEffects: whole(10_000_000).default(10_000),
  /** Milliseconds of CPU of a run between two outcomes. */
  runTurnCpu: whole(60_000).default(1_000),
  /** Variables of a run. */
  runMaxState: whole(1024 * MIB).default(16 * MIB),
  /** Calls and events from the trigger on. */
  runMaxDepth: whole(20).default(20),
  /** Passes of a `repeat`. */
  repeatMax: whole(100_000_000).default(100_000),
  /** Branches of an `all`. */
  allMax: whole(10_000).default(100),
  /** Payload of an event. */
  eventMax: whole(MIB).default(256 * KIB),
  /** Milliseconds of a `wait`, `sleep` or `approve`. */
  waitMax: whole(400 * DAY).default(400 * DAY),
  /** Milliseconds of a `wait` that does not say how long. */
  waitDefault: whole(400 * DAY).default(20_000),
  /** Milliseconds of a whole run, waits included, whose automation does not say `timeout`. */
  runTimeout: whole(400 * DAY).default(30 * DAY),
  /** Milliseconds for which a caller of an endpoint is held that does not say `wait`. */
  endpointTimeout: whole(300_000).default(25_000),
  /** Units of work of one expression. */
  languageMaxUnits: whole(10_000_000).default(100_000),
  /** Characters that a template may come to as text. */
  languageMaxText: whole(64 * MIB).default(4 * MIB),
  /** The context `global` of a workspace. */
  contextGlobalMax: whole(MIB).default(512 * KIB),
  /** The context `user` of one person. */
  contextUserMax: whole(MIB).default(128 * KIB),
  /** The context `session` of one session. */
  contextSessionMax: whole(MIB).default(MIB),
  /** The context `socket` of one connection. */
  contextSocketMax: whole(MIB).default(128 * KIB),
  /** The context `run` of one run. */
  contextRunMax: whole(MIB).default(512 * KIB),
  /** The context `config` of a workspace. */
  contextConfigMax: whole(MIB).default(128 * KIB),
};

/** What the environment may say to the runtime, by name of setting; `docs/reference/config.md` is made of it. */
export const runtimeSettings = z.object({
  ...ceilings,
  /** Where the gateway answers, and automations reach the API; `http://127.0.0.1:<port>` when absent. */
  publicUrl: z.url().optional(),
  /** Where the gateway answers for endpoints and files of workspaces alone; there is none when absent. */
  endpointOrigin: z.url().optional(),
  /** The gateway's port. */
  port: z.coerce.number().int().default(4000),
  /** Hosts and networks that `fetch` may reach though they are not public, separated by commas. */
  fetchAllow: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || [])),
  /** Events in hand at once. */
  runtimeParallel: z.coerce.number().int().min(1).max(10_000).default(256),
  /** Runs in hand at once; more wait for a place. */
  runtimeRuns: z.coerce.number().int().min(1).max(100_000).default(1_000),
  /** Starts of one workspace in a second, on average; more are delayed. 0: as many as there are. */
  rateRuns: z.coerce.number().min(0).default(0),
  /** Starts of one workspace at once after a rest. */
  rateRunsBurst: z.coerce.number().int().min(1).default(400),
  /** Fetches of one workspace in a second, on average; more are delayed. 0: as many as there are. */
  rateFetches: z.coerce.number().min(0).default(0),
  /** Fetches of one workspace at once after a rest. */
  rateFetchesBurst: z.coerce.number().int().min(1).default(200),
  /** Events that runs of one workspace emit in a second, on average; runs that emit more are delayed. 0: as many as there are. */
  rateEmits: z.coerce.number().min(0).default(0),
  /** Events that runs of one workspace emit at once after a rest. */
  rateEmitsBurst: z.coerce.number().int().min(1).default(100),
  /** Passes of loops that runs of one workspace begin in a second, on average; runs that begin more are delayed. 0: as many as there are. */
  ratePasses: z.coerce.number().min(0).default(0),
  /** Passes of loops that runs of one workspace begin at once after a rest. */
  ratePassesBurst: z.coerce.number().int().min(1).default(4_000),
  /** Milliseconds a run may be in hand, waiting aside. */
  runActive: z.coerce.number().int().min(1).default(300_000),
  /** Tells `runtime.automations.executed` of every recorded run, for clients of the seed system; else only where an automation may wait for it. */
  executedAlways: z.stringbool().default(false),
  /** Bytes of memory that compiled versions may take up, as estimated from their texts; those used last stay. */
  runtimePlansMemory: whole(64 * 1024 * MIB).default(128 * MIB),
  /** Bytes of this machine's disk for versions that were fetched, so that a restart fetches none; 0: none. */
  runtimeModelsDisk: z.coerce
    .number()
    .int()
    .min(0)
    .default(512 * MIB),
});

export interface RuntimeConfig extends Omit<z.infer<typeof runtimeSettings>, 'publicUrl' | 'port'> {
  readonly publicUrl: string;
  /** What the environment says of configurations. */
  readonly configTexts: ConfigTexts;
}

/** What a run may use up, as the language reads it. */
export function runLimitsOf(config: RuntimeConfig): Limits {
  return {
    instructions: config.runMaxInstructions,
    effects: config.runMaxEffects,
    state: config.runMaxState,
    depth: config.runMaxDepth,
    passes: config.repeatMax,
    branches: config.allMax,
    contexts: {
      global: config.contextGlobalMax,
      user: config.contextUserMax,
      session: config.contextSessionMax,
      socket: config.contextSocketMax,
      run: config.contextRunMax,
      config: config.contextConfigMax,
    },
    event: config.eventMax,
    longestWait: config.waitMax,
    defaultWait: config.waitDefault,
    defaultTimeout: config.runTimeout,
    defaultHold: config.endpointTimeout,
    units: config.languageMaxUnits,
    text: config.languageMaxText,
    turnCpu: config.runTurnCpu,
  };
}

/** The runtime's settings. */
export function runtimeConfig(environment: Environment): RuntimeConfig {
  const { port, publicUrl = `http://127.0.0.1:${port}`, ...settings } = readSettings(runtimeSettings, environment);
  return { ...settings, publicUrl, configTexts: ConfigTexts.of(environment) };
}

/** The same settings, as operators may see them. */
export function shownRuntimeConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(runtimeSettings, environment);
}
