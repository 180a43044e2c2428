import type { DurableStanding } from '../../event-log';
import type { LogContents } from '../contents';
import { offsetOf } from '../stream-event';
import { durableConsumers, durableOf, firstUndone } from './durable-consumers';

/** How far every durable has come, its lanes together, by name. */
export async function durableStandings({ parts, identity }: LogContents): Promise<readonly DurableStanding[]> {
  const found = new Map<string, { lag: number; undone: number }>();
  for (const info of await durableConsumers(parts)) {
    const { lag, undone } = found.get(durableOf(info)) ?? { lag: 0, undone: Infinity };
    const first = await firstUndone(parts, info);
    found.set(durableOf(info), { lag: lag + info.num_pending + info.num_ack_pending, undone: Math.min(undone, first) });
  }
  return [...found]
    .map(([name, { lag, undone }]) => ({
      ...{ name, lag },
      ...(undone !== Infinity && { undone: { epoch: identity.epoch, offset: offsetOf(undone) } }),
    }))
    .sort((one, other) => one.name.localeCompare(other.name));
}
