import type { Alarms, Clock } from '@millrace/kernel';
import type { EventLog, KeyValue } from '@millrace/messaging';
import { SimulatedWorld, type WorldOptions } from './simulated-world';

/** Ports in memory for one test: nothing goes wrong, operations settle by themselves, time moves when it is told to. */
export interface MemoryPorts {
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly clock: Clock;
  readonly alarms: Alarms;
  /** Lets so many milliseconds pass, alarm by alarm: what each sets going is done before the next. */
  advance(this: void, milliseconds: number): Promise<void>;
}

/** Empty ports, with a clock that stands still. */
export function memoryPorts(options: Omit<WorldOptions, 'calm'> = {}): MemoryPorts {
  const world = new SimulatedWorld(0, { ...options, calm: true });
  const { eventLog, keyValue, clock, alarms } = world.process();
  return { eventLog, keyValue, clock, alarms, advance: (milliseconds) => world.runFor(milliseconds) };
}
