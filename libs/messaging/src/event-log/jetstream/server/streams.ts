import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import { errorCode } from './line';
import type { Line } from './line';
import type { LogNames } from './log-names';
import { assertKept } from './probe';
import { DEFAULT_SIZES, deadStream, eventsStream, stateStream } from './wanted';
import type { Sizes, Wanted } from './wanted';

const NOT_FOUND = 10_059;

/** Makes the streams of a log, or brings them to what is wanted; refuses (`log.option_dropped`) when the server made something else of it. */
export async function prepareStreams(line: Line, names: LogNames, sizes: Sizes): Promise<StreamInfo> {
  const make = (wanted: typeof eventsStream): Promise<StreamInfo> =>
    line.ask((jsm) => prepare(jsm, wanted(names, sizes), wanted(names, { ...DEFAULT_SIZES, ...given(sizes) })));
  await make(deadStream);
  await make(stateStream);
  return make(eventsStream);
}

async function prepare(jsm: JetStreamManager, wanted: Wanted, anew: Wanted): Promise<StreamInfo> {
  const found = await find(jsm, wanted.name);
  if (found === undefined) await jsm.streams.add(anew);
  else if (!isAsWanted(wanted, found.config)) await jsm.streams.update(wanted.name, wanted);
  const info = await jsm.streams.info(wanted.name);
  assertKept(`the stream ${wanted.name}`, wanted, info.config);
  return info;
}

function given({ capacity, replicas }: Sizes): Sizes {
  return { ...(capacity !== undefined && { capacity }), ...(replicas !== undefined && { replicas }) };
}

async function find(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (fault) {
    if (errorCode(fault) === NOT_FOUND) return undefined;
    throw fault;
  }
}

function isAsWanted(wanted: object, config: StreamConfig): boolean {
  try {
    assertKept('', wanted, config);
    return true;
  } catch {
    return false;
  }
}
