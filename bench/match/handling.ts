import { join } from 'node:path';
import { Alarms } from '@millrace/kernel';
import { SqliteEventLog, SqliteKeyValue, type LoggedEvent, type NewEvent } from '@millrace/messaging';
import { SystemClock, SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../../apps/runtime/src/application/testing/workbench';
import type { Contestant } from '../rounds/race.mjs';
import { automations } from './automations';

const GROUP = 50;
const GROUPS = 10;
const PAYLOAD = new TextEncoder().encode(JSON.stringify({ name: 'Ada', padding: 'x'.repeat(980) }));

/** Follows a log of its own: what is appended comes to `handle`, as it comes to the runtime. */
export interface Following extends Contestant, AsyncDisposable {}

/** Hands events that no automation wants to the runtime's engine in a workspace of a number of automations. */
export async function handling(size: number): Promise<Following> {
  const { ports, ...log } = openLog();
  const bench = await Workbench.of(ports, automations(size));
  return following(`runtime, ${size}`, { ports, ...log }, (event, attempt) => bench.engine.handleEvent.run(event, attempt));
}

/** Takes events off a log and does nothing with them. */
export function ignoring(): Promise<Following> {
  return following('no-op', openLog(), () => Promise.resolve());
}

type OpenLog = ReturnType<typeof openLog>;

async function following(name: string, { ports, close }: OpenLog, handle: (event: LoggedEvent, attempt: number) => Promise<void>) {
  const { eventLog, ids } = ports;
  let left = 0;
  let onDone = (): void => undefined;
  const durable = { name: 'bench', filter: ['*.>'], order: 'key', parallel: 256, attempts: 5, start: 'first' } as const;
  const consumption = await eventLog.consume(durable, async (event, { attempt }) => {
    await handle(event, attempt);
    left -= 1;
    if (left === 0) onDone();
    return { kind: 'done' };
  });
  const work = async (): Promise<number> => {
    left = GROUP * GROUPS;
    const done = new Promise<void>((resolve) => (onDone = resolve));
    for (let group = 0; group < GROUPS; group++) await eventLog.append(Array.from({ length: GROUP }, () => unwanted(ids.mint('evt'))));
    await done;
    return GROUP * GROUPS;
  };
  const stop = async (): Promise<void> => {
    await consumption.stop(1_000);
    await close();
  };
  return { name, work, [Symbol.asyncDispose]: stop };
}

function unwanted(id: string): NewEvent {
  return {
    ...{ id, workspaceId: WORKSPACE, type: 'invoices.t1.sent', time: Date.now(), payload: PAYLOAD, correlationId: 'cor_1' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: {} },
  };
}

/** Nothing that is measured waits for a time. */
class NoAlarms extends Alarms {
  override set(): () => void {
    return () => undefined;
  }
}

function openLog() {
  const folder = temporaryFolder();
  const clock = new SystemClock();
  const eventLog = new SqliteEventLog({ file: join(folder.path, 'log.db'), durability: 'fast', clock });
  const keyValue = new SqliteKeyValue({ file: join(folder.path, 'key-value.db'), durability: 'fast', clock });
  const close = async (): Promise<void> => {
    await eventLog.close();
    await keyValue.close();
    folder[Symbol.dispose]();
  };
  return { ports: { eventLog, keyValue, clock, alarms: new NoAlarms(), ids: new SystemIds(clock) }, close };
}
