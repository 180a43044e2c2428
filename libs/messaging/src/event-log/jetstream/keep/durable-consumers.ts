import type { ConsumerInfo } from '@nats-io/jetstream';
import type { ContentsParts } from '../contents';

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
