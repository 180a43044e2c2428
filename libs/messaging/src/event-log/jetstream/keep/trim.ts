import { decodeRecorded } from '../../codec';
import { earliest } from '../../earliest';
import type { LogContents } from '../contents';
import { durableConsumers, durableOf, firstUndone } from './durable-consumers';
import { getNext } from '../read/direct-get';
import { deleteMessage } from '../server/records';
import { offsetOf } from '../stream-event';

/** Forgets the events before a sequence, but none that a durable has not done, unless it is abandoned; answers how many there were. */
export async function trimLog(contents: LogContents, before: number, abandoned: readonly string[]): Promise<number> {
  const { line, names } = contents.parts;
  const { first, last } = await contents.reach();
  const bound = Math.min(before, last + 1, await firstUnacknowledged(contents, abandoned));
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
async function firstUnacknowledged({ parts }: LogContents, abandoned: readonly string[]): Promise<number> {
  const consumers = await durableConsumers(parts);
  const firsts = consumers.filter((info) => !abandoned.includes(durableOf(info))).map((info) => firstUndone(parts, info));
  return Math.min(...(await Promise.all(firsts)));
}

/** The offset of the first event that was recorded at a time or later; the one behind the last when none was. */
export async function offsetAt(contents: LogContents, time: number): Promise<bigint> {
  const { line, names } = contents.parts;
  const { first, last } = await contents.reach();
  const sequence = await earliest(time, { low: first, high: last + 1 }, async (from) => {
    const found = await getNext(line, names.events, from);
    return found && { place: found.sequence, recordedAt: decodeRecorded(found.body).recordedAt };
  });
  return sequence > last ? offsetOf(last) + 1n : offsetOf(sequence);
}
