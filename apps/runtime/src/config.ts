import { readSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const schema = z.object({
  /** Where the gateway answers, and automations reach the API; `http://127.0.0.1:<port>` when absent. */
  publicUrl: z.url().optional(),
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
  /** Milliseconds a run may be in hand, waiting aside. */
  runActive: z.coerce.number().int().min(1).default(300_000),
  /** Compiled versions kept in memory. */
  runtimePlans: z.coerce.number().int().min(1).default(1_000),
});

export interface RuntimeConfig extends Omit<z.infer<typeof schema>, 'publicUrl' | 'port'> {
  readonly publicUrl: string;
}

/** The runtime's settings. */
export function runtimeConfig(environment: Environment): RuntimeConfig {
  const { port, publicUrl = `http://127.0.0.1:${port}`, ...settings } = readSettings(schema, environment);
  return { ...settings, publicUrl };
}
