import { readSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const schema = z.object({
  /** Where the gateway answers: automations reach the API there. */
  publicUrl: z.url().default('http://127.0.0.1:4000'),
  /** Hosts and networks that `fetch` may reach though they are not public, separated by commas. */
  fetchAllow: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || [])),
  /** Events in hand at once. */
  runtimeParallel: z.coerce.number().int().min(1).max(1_000).default(64),
  /** Compiled versions kept in memory. */
  runtimePlans: z.coerce.number().int().min(1).default(1_000),
});

export type RuntimeConfig = z.infer<typeof schema>;

/** The runtime's settings. */
export function runtimeConfig(environment: Environment): RuntimeConfig {
  return readSettings(schema, environment);
}
