import { LOG_LEVELS, type ShownSettings } from '@millrace/observability';
import { z } from 'zod';
import { clusterSettings } from '../cluster/cluster-settings';
import type { Need } from '../platform';
import { readSettings, type Environment } from './settings';
import { shownSettings } from './shown-settings';

const everywhere = {
  /** Folder in which the embedded platform keeps everything. */
  data: z.string().default('.millrace'),
  /** `safe`: what was accepted survives a power cut. `fast`: the last moments may go with one. */
  durability: z.enum(['safe', 'fast']).default('safe'),
  /**
   * Bytes that the event log may hold. Absent: 10 GiB on the local platform; on the cluster 50 GiB when its streams are made, and after that
   * what they have. There it counts in the process that prepares the servers.
   */
  logCapacity: z.coerce
    .number()
    .int()
    .min(1024 ** 2)
    .optional(),
  /** What is less important than this is not logged; it can be changed at the admin port. */
  logLevel: z.enum(LOG_LEVELS).default('warn'),
  /** Where the admin port listens: health, metrics, log level. */
  adminHost: z.string().default('127.0.0.1'),
  /** The port there; 0: a free one. */
  adminPort: z.coerce.number().int().min(0).max(65_535).default(4001),
  /** Opens what the admin port keeps for operators and owners: what changes something, settings, routes, heap dumps. */
  adminToken: z.string().min(16).optional(),
  /** Lets operators have heap dumps, which hold secrets. */
  heapdump: z.stringbool().default(false),
};

const localSettings = {
  /** `local`: everything in this process and one folder. `cluster`: on NATS, MongoDB, Elasticsearch and S3. */
  platform: z.literal('local', { error: 'is "local" or "cluster".' }).default('local'),
};

const localSchema = z.object({ ...everywhere, ...localSettings });
const clusterSchema = (needs: readonly Need[]) => z.object({ ...everywhere, ...clusterSettings(needs) });

/** What a process may be told on either platform, and on a cluster must be told for what its services need there. */
export const platformSchemas = { local: localSchema, cluster: clusterSchema };

interface Shown {
  /** The same settings, as operators may see them. */
  readonly shown: ShownSettings;
}

export type LocalSettings = z.infer<typeof localSchema> & Shown;
export type ClusterProcessSettings = z.infer<ReturnType<typeof clusterSchema>> & Shown;
export type ProcessSettings = LocalSettings | ClusterProcessSettings;

/**
 * The settings of a process that holds these services: what they need on the cluster platform must be set. All that is wrong or missing is
 * reported at once (`settings.invalid`).
 */
export function processSettings(environment: Environment, services: readonly { readonly needs?: readonly Need[] }[]): ProcessSettings {
  const needs = services.flatMap((service) => service.needs ?? []);
  const { platform } = readSettings(z.object({ platform: z.string().optional() }), environment);
  return platform === 'cluster' ? withShown(clusterSchema(needs), environment) : withShown(localSchema, environment);
}

function withShown<S extends z.ZodObject>(schema: S, environment: Environment): z.infer<S> & Shown {
  const settings = readSettings(schema, environment);
  return { ...settings, shown: shownSettings(schema, environment) };
}
