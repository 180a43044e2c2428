import type { ConsumerInfo } from '@nats-io/jetstream';
import type { ContentsParts } from '../contents';
import { getNext } from '../read/direct-get';

/** The consumers of all durables, as they stand, whether or not anybody consumes. */
export function durableConsumers({ line, names }: Pick<ContentsParts, 'line' | 'names'>): Promise<readonly ConsumerInfo[]> {
  return line.ask(async (jsm) => {
    const consumers: ConsumerInfo[] = [];
    for await (const info of jsm.consumers.list(names.events)) if (info.config.durable_name !== undefined) consumers.push(info);
    return consumers;
  });
}

/** The subjects a consumer asks for. */
export function filtersOf({ config }: ConsumerInfo): readonly string[] {
  return config.filter_subjects ?? [config.filter_subject ?? '>'];
}

/** The durable a consumer is of: of one in the order of keys there is a consumer for each lane. */
export function durableOf({ name, config }: ConsumerInfo): string {
  return config.priority_groups === undefined ? name : name.slice(0, name.lastIndexOf('-'));
}

/** The sequence of the first event that a consumer has not done; `Infinity` when it has done all. */
export async function firstUndone({ line, names }: Pick<ContentsParts, 'line' | 'names'>, info: ConsumerInfo): Promise<number> {
  const { num_ack_pending: out, num_pending: waiting, ack_floor: acknowledged, delivered, config } = info;
  if (out === 0 && waiting === 0) return Infinity;
  const behind = out > 0 ? acknowledged : delivered;
  const from = Math.max(behind.stream_seq + 1, config.opt_start_seq ?? 1);
  const found = await Promise.all(filtersOf(info).map((filter) => getNext(line, names.events, from, filter)));
  return Math.min(...found.map((event) => event?.sequence ?? Infinity));
}
