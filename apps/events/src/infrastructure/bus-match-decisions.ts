import { RuntimeService } from '@millrace/contracts';
import { DomainError } from '@millrace/kernel';
import { encodeEvent, type Bus, type CallContext, type LoggedEvent } from '@millrace/messaging';
import { MatchDecisions, type Decided } from '../application/ports/match-decisions';

/** Asks the runtime, for the caller. */
export class BusMatchDecisions extends MatchDecisions {
  constructor(private readonly bus: Bus) {
    super();
  }

  override async of(context: CallContext, event: LoggedEvent): Promise<Decided> {
    try {
      const request = { workspaceId: event.workspaceId, event: encodeEvent(event) };
      const { digest, matches } = await this.bus.call(RuntimeService.method.simulateMatch, request, context);
      return { version: digest, decisions: matches };
    } catch (error) {
      if (error instanceof DomainError && error.refusal === 'forbidden') return { version: '', decisions: [] };
      throw error;
    }
  }
}
