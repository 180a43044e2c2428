import { LOG_LEVELS } from '@millrace/observability';
import { z } from 'zod';
import { readSettings, type Environment } from './settings';

const schema = z.object({
  /** Folder in which the embedded platform keeps everything. */
  data: z.string().default('.millrace'),
  /** `safe`: what was accepted survives a power cut. `fast`: the last moments may go with one. */
  durability: z.enum(['safe', 'fast']).default('safe'),
  logLevel: z.enum(LOG_LEVELS).default('warn'),
  /** Where the admin port listens: health, metrics, log level. */
  adminHost: z.string().default('127.0.0.1'),
  adminPort: z.coerce.number().int().min(0).max(65_535).default(4001),
  /** Opens the admin port's routes that change something. */
  adminToken: z.string().min(16).optional(),
  /** Heap dumps hold secrets. */
  heapdump: z.stringbool().default(false),
});

export type ProcessSettings = z.infer<typeof schema>;

/** The settings of a process, whatever services it holds. */
export function processSettings(environment: Environment): ProcessSettings {
  return readSettings(schema, environment);
}
