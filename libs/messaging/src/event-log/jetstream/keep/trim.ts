import type { ConsumerInfo } from '@nats-io/jetstream';
import type { LogContents } from '../contents';
import { durableConsumers, filtersOf } from './durable-consumers';
import { getNext } from '../read/direct-get';
import { deleteMessage } from '../server/records';

/** Forgets the events before a sequence, but none that a durable has not done; answers how many there were. */
export async function trimLog(contents: LogContents, before: number): Promise<number> {
  const { line, names } = contents.parts;
  const { first, last } = await contents.reach();
  const bound = Math.min(before, last + 1, await firstUnacknowledged(contents));
  // To the server, a purge up to the beginning could mean a purge of everything.
  if (bound <= first) return 0;
  const { purged } = await line.ask((jsm) => jsm.streams.purge(names.events, { seq: bound }));
  const remnants = await contents.state.list(names.remnantSubject('*'));
  const old = remnants.filter(({ subject }) => Number(subject.slice(subject.lastIndexOf('.') + 1)) < bound);
  for (const { sequence } of old) await deleteMessage(line, names.state, sequence);
  if (old.length > 0) await contents.loadErased();
  return purged + old.length;
}

/** The sequence of the first event that some durable has not done, whether or not it runs. */
async function firstUnacknowledged(contents: LogContents): Promise<number> {
  const consumers = await durableConsumers(contents.parts);
  const firsts = consumers.map((info) => firstOf(contents, info));
  return Math.min(...(await Promise.all(firsts)));
}

async function firstOf(contents: LogContents, info: ConsumerInfo): Promise<number> {
  const { num_ack_pending: out, num_pending: waiting, ack_floor: acknowledged, delivered, config } = info;
  if (out > 0) return acknowledged.stream_seq + 1;
  if (waiting === 0) return Infinity;
  const { line, names } = contents.parts;
  const from = Math.max(delivered.stream_seq + 1, config.opt_start_seq ?? 1);
  const found = await Promise.all(filtersOf(info).map((filter) => getNext(line, names.events, from, filter)));
  return Math.min(...found.map((event) => event?.sequence ?? Infinity));
}
