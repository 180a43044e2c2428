import type { ConsumerConfig, ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import type { Durable, Pattern } from '../../event-log';
import { LANES } from '../../lane';
import { epochChanged, positionExpired } from '../../refusals';
import type { Reach } from '../read/read-log';
import { errorCode } from '../server/line';
import type { LogNames } from '../server/log-names';
import { assertKept } from '../server/probe';
import { laneConsumer, redriveConsumer, sharedConsumer } from '../server/wanted';
import { OFFSETS_PER_MESSAGE, sequenceFrom } from '../stream-event';

const NOT_FOUND = 10_014;
/** What a consumer keeps from its beginning. */
const FIXED = ['deliver_policy', 'opt_start_seq'] as const;

/** Makes the consumers of a durable that never ran, or brings those that are there to what is wanted. `reach` is asked for the start only. */
export async function prepareConsumers(
  jsm: JetStreamManager,
  names: LogNames,
  durable: Durable,
  reach: () => Promise<Reach>,
): Promise<void> {
  let start: Promise<number> | undefined;
  const startOnce = (): Promise<number> => (start ??= reach().then((reached) => startOf(durable.start, reached)));
  const prepared = (lane?: number): Promise<void> => prepare(jsm, names.events, startOnce, configOf(names, durable, lane));
  if (durable.order === 'none') await prepared();
  else await Promise.all(Array.from({ length: LANES }, (_, lane) => prepared(lane)));
  const redrives = redriveConsumer(names.redriveConsumerOf(durable.name), names.redriveSubject(durable.name, '*'));
  await prepare(
    jsm,
    names.dead,
    async () => 1,
    () => redrives,
  );
}

/** The patterns a consumer is told. The server takes none that overlap: then it is told less, and the rest is asked of each event. */
export function filtersOf(names: LogNames, patterns: readonly Pattern[], lane: number | '*'): readonly string[] {
  const overlap = patterns.some((one, index) => patterns.slice(index + 1).some((other) => canOverlap(one.split('.'), other.split('.'))));
  return overlap ? [names.filterOf('*.>', lane)] : patterns.map((pattern) => names.filterOf(pattern, lane));
}

function configOf(names: LogNames, { name, filter }: Durable, lane: number | undefined): (start: number) => Partial<ConsumerConfig> {
  const consumer = names.consumerOf(name, lane);
  const filters = filtersOf(names, filter, lane ?? '*');
  return (start) => (lane === undefined ? sharedConsumer(consumer, filters, start) : laneConsumer(consumer, filters, start));
}

async function prepare(
  jsm: JetStreamManager,
  stream: string,
  start: () => Promise<number>,
  configFrom: (start: number) => Partial<ConsumerConfig>,
): Promise<void> {
  const found = await find(jsm, stream, configFrom(1).durable_name ?? '');
  const wanted = configFrom(found === undefined ? await start() : (found.config.opt_start_seq ?? 1));
  const lasting = Object.fromEntries(Object.entries(wanted).filter(([option]) => !FIXED.some((fixed) => fixed === option)));
  if (found !== undefined && isAsWanted(lasting, found)) return;
  const info = await jsm.consumers.add(stream, { ...found?.config, ...wanted });
  assertKept(`the consumer ${info.name}`, lasting, info.config);
}

async function find(jsm: JetStreamManager, stream: string, name: string): Promise<ConsumerInfo | undefined> {
  try {
    return await jsm.consumers.info(stream, name);
  } catch (fault) {
    if (errorCode(fault) === NOT_FOUND) return undefined;
    throw fault;
  }
}

function isAsWanted(wanted: object, { name, config }: ConsumerInfo): boolean {
  try {
    assertKept(name, wanted, config);
    return true;
  } catch {
    return false;
  }
}

/** The sequence of the first event a new durable gets. */
function startOf(start: Durable['start'], { epoch, first, last }: Reach): number {
  if (start === 'first') return first;
  if (start === 'now') return last + 1;
  if (start.epoch !== epoch) throw epochChanged(start, epoch);
  const sequence = sequenceFrom(start.offset);
  if (sequence < first) throw positionExpired(start, first * OFFSETS_PER_MESSAGE);
  return sequence;
}

/** Whether some subject is of both patterns. */
function canOverlap([one, ...ones]: readonly string[], [other, ...others]: readonly string[]): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one === '>' || other === '>') return true;
  return (one === '*' || other === '*' || one === other) && canOverlap(ones, others);
}
