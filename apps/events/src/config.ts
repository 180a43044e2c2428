import { readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';
import type { LiveLimits } from './domain/live/attended';

const count = (usual: number) => z.coerce.number().int().min(1).max(1_000_000).default(usual);

/** What the environment may say to the events service, by name of setting; `docs/reference/config.md` is made of it. */
export const eventsSettings = z.object({
  /** Where gateways reach this instance's sockets; private, never to be open to clients. */
  eventsHost: z.string().default('127.0.0.1'),
  /** The port of these sockets; 0: a free one. Gateways learn it from KeyValue. */
  eventsPort: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Sockets and streams that one person, key or visitor may have open, over all instances. */
  liveSocketsPerUser: count(20),
  /** Subscriptions that one of them may have over these. */
  liveSubscriptionsPerUser: count(200),
  /** Sockets and streams that may follow one workspace. */
  liveSocketsPerWorkspace: count(2_000),
  /** Workspaces that may be followed over one connection. */
  liveNamespacesPerConnection: count(20),
  /** Subscriptions of one socket. */
  liveSubscriptionsPerSocket: count(50),
  /** Seconds after which a stream ends whose client takes nothing of what was sent. */
  liveUnreadSeconds: count(60),
  /** Days that the log keeps events which every service has done. Less when it would fill: what is oldest goes first. */
  logDays: z.coerce.number().int().min(1).max(3_650).default(30),
  /** Durables, separated by commas, that no service consumes any more: the log does not wait for them. */
  logAbandoned: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((name) => name.trim() || [])),
});

export type EventsConfig = z.infer<typeof eventsSettings>;

/** Who may be connected, and how much they may ask for. */
export function limitsOf(config: EventsConfig): LiveLimits {
  return {
    socketsPerUser: config.liveSocketsPerUser,
    subscriptionsPerUser: config.liveSubscriptionsPerUser,
    socketsPerWorkspace: config.liveSocketsPerWorkspace,
    subscriptionsPerSocket: config.liveSubscriptionsPerSocket,
  };
}

/** The settings of the events service. */
export function eventsConfig(environment: Environment): EventsConfig {
  return readSettings(eventsSettings, environment);
}

/** The same settings, as operators may see them. */
export function shownEventsConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(eventsSettings, environment);
}
