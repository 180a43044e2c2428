import { DomainError } from '@millrace/kernel';
import type { EventInstance, EventInstances } from './ports/event-instances';

/** Finds the process that holds a socket, or the one that shall hold a new one. */
export class FindEventInstance {
  /** Announcements of instances that did not answer. Who beats again announces anew, and is asked again. */
  private readonly silent = new WeakSet<EventInstance>();

  constructor(private readonly instances: EventInstances) {}

  /** Where the session with this id lives; undefined when nobody has it. */
  holderOf(sid: string): EventInstance | undefined {
    const [name] = sid.split('.', 1);
    return this.instances.all().find(({ instance }) => instance === name);
  }

  /** The instance did not answer: new sockets go elsewhere until it announces itself again. */
  didNotAnswer(instance: EventInstance): void {
    this.silent.add(instance);
  }

  /** Where a new socket goes: to the least loaded that is not draining. `gateway.events_away` when there is none. */
  forNew(): EventInstance {
    const open = this.instances.all().filter((each) => !each.draining && !this.silent.has(each));
    const [first, ...others] = open;
    if (first === undefined) throw eventsAway();
    return others.reduce((least, each) => (each.sockets < least.sockets ? each : least), first);
  }
}

/** Nobody takes sockets, or whoever holds one does not answer. */
export function eventsAway(): DomainError {
  return new DomainError('gateway.events_away', 'unavailable', 'No process takes sockets at the moment. Connect again in a few seconds.');
}
