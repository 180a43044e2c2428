import { readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const schema = z.object({
  /** Where gateways reach this instance's sockets; private, never to be open to clients. */
  eventsHost: z.string().default('127.0.0.1'),
  /** 0: a free one. Gateways learn it from KeyValue. */
  eventsPort: z.coerce.number().int().min(0).max(65_535).default(0),
});

export type EventsConfig = z.infer<typeof schema>;

/** The settings of the events service. */
export function eventsConfig(environment: Environment): EventsConfig {
  return readSettings(schema, environment);
}

/** The same settings, as operators may see them. */
export function shownEventsConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(schema, environment);
}
