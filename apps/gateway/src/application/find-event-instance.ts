import { DomainError } from '@millrace/kernel';
import type { EventInstance, EventInstances } from './ports/event-instances';

/** Finds the process that holds a socket, or the one that shall hold a new one. */
export class FindEventInstance {
  constructor(private readonly instances: EventInstances) {}

  /** Where the session with this id lives; undefined when nobody has it. */
  holderOf(sid: string): EventInstance | undefined {
    const [name] = sid.split('.', 1);
    return this.instances.all().find(({ instance }) => instance === name);
  }

  /** Where a new socket goes: to the least loaded that is not draining. `gateway.events_away` when there is none. */
  forNew(): EventInstance {
    const open = this.instances.all().filter(({ draining }) => !draining);
    const [first, ...others] = open;
    if (first === undefined) throw eventsAway();
    return others.reduce((least, each) => (each.sockets < least.sockets ? each : least), first);
  }
}

/** Nobody takes sockets, or whoever holds one does not answer. */
export function eventsAway(): DomainError {
  return new DomainError('gateway.events_away', 'unavailable', 'No process takes sockets at the moment. Connect again in a few seconds.');
}
