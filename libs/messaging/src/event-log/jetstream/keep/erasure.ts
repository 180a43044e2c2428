import type { ConsumerInfo } from '@nats-io/jetstream';
import type { Position } from '../../event';
import { encodeEvent } from '../../event-writer';
import type { Letters } from '../letters/letters';
import type { LogContents } from '../contents';
import { subjectMatcher } from '../../../wire/subject-pattern';
import { durableConsumers, durableOf, filtersOf } from './durable-consumers';
import { deleteMessage } from '../server/records';
import { sequenceFrom } from '../stream-event';
import type { StreamEvent } from '../stream-event';

const NOTHING = new TextEncoder().encode('{}');
const ERASED = 'log.erased: its payload was erased before this durable came to it';

/**
 * Erases the payloads of events: what is left of an event is put beside the stream first, then its message is overwritten and deleted
 * there and among the dead letters. A durable that had not come to it gets what is left as a letter that is handed out once.
 */
export async function eraseEvents(contents: LogContents, letters: Letters, positions: readonly Position[]): Promise<void> {
  for (const { offset } of positions) await eraseEvent(contents, letters, sequenceFrom(offset));
  await contents.loadErased();
  const { line, names } = contents.parts;
  line.say(names.erasedSubject(), '');
}

async function eraseEvent(contents: LogContents, letters: Letters, sequence: number): Promise<void> {
  const { line, names } = contents.parts;
  const event = await contents.at(sequence);
  if (event === undefined) return;
  const { position: _, recordedAt, ...rest } = event.event;
  const body = encodeEvent({ ...rest, payload: NOTHING }, recordedAt);
  await contents.state.put(names.remnantSubject(sequence), body);
  for (const durable of await durablesBefore(contents, event)) await owe(letters, durable, { event, body });
  await deleteMessage(line, names.events, sequence);
  for (const { stored, durable, ...letter } of await letters.ofEvent(sequence)) {
    await letters.records.deleteOne(stored);
    await letters.put(durable, { ...letter, body });
  }
}

/** The durables that want the event and have not been given it. */
async function durablesBefore(contents: LogContents, event: StreamEvent): Promise<readonly string[]> {
  const subject = contents.parts.names.subjectOf(event.event);
  const isBefore = ({ config, delivered }: ConsumerInfo): boolean =>
    delivered.stream_seq < event.sequence && (config.opt_start_seq ?? 1) <= event.sequence;
  const consumers = await durableConsumers(contents.parts);
  return consumers.filter((info) => isBefore(info) && filtersOf(info).some((filter) => subjectMatcher(filter)(subject))).map(durableOf);
}

async function owe(letters: Letters, durable: string, { event, body }: { event: StreamEvent; body: Uint8Array }): Promise<void> {
  const { position, recordedAt } = event.event;
  const ordeal = { reason: ERASED, attempts: 0, firstFailedAt: recordedAt, lastFailedAt: recordedAt };
  await letters.put(durable, { ...ordeal, epoch: position.epoch, sequence: event.sequence, body });
  await letters.redrive(durable, event.sequence);
}
