import { isAway, servicePrincipal, type Ids } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { automationIn, fingerprintOf } from '../../../domain/dead-letters/fingerprint';
import type { Announcements } from '../announcements';

const OWN = 'runtime.dead-letters.';

/** Tells that an event has become a dead letter: once, whatever becomes of it. What is told of dead letters makes no others. */
export class TellDeadLetter {
  constructor(
    private readonly announcements: Announcements,
    private readonly ids: Ids,
    private readonly log: Log,
  ) {}

  /** To be called when the last delivery of an event has failed; one that failed for want of what is away was not the last. Never throws. */
  async run(event: LoggedEvent, fault: unknown): Promise<void> {
    const { type, workspaceId, correlationId, id, hops = 0 } = event;
    if (type.startsWith(OWN) || isAway(fault)) return;
    const reason = fault instanceof Error ? fault.message : String(fault);
    const payload = { event: id, automation: automationIn(reason), fingerprint: fingerprintOf({ reason, type }, this.ids), reason };
    const origin = { id: this.ids.derive('evt', `${OWN}added`, workspaceId, id), hops: hops + 1, causationId: id };
    try {
      await this.announcements.tell({ principal: servicePrincipal('runtime'), correlationId }, workspaceId, `${OWN}added`, payload, origin);
    } catch (error) {
      this.log.warn('That an event became a dead letter could not be told.', { error, event: id, workspaceId });
    }
  }
}
