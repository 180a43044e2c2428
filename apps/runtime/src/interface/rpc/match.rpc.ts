import { RuntimeService, type SimulateMatchRequest } from '@millrace/contracts';
import { decodeEvent, Rpc, type CallContext, type LoggedEvent } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { SimulateMatch, type SimulatedMatch } from '../../application/starting/simulate-match';

/** Nothing is asked of where the event stands. */
const NOWHERE = { position: { epoch: '', offset: 0n }, recordedAt: 0 };

/** What automations make of events, for services that explain them. */
@Controller()
export class MatchRpc {
  constructor(@Inject(SimulateMatch) private readonly simulate: SimulateMatch) {}

  @Rpc(RuntimeService.method.simulateMatch)
  async simulateMatch({ workspaceId, event: bytes }: SimulateMatchRequest, context: CallContext) {
    const event: LoggedEvent = { ...decodeEvent(bytes), ...NOWHERE };
    const { digest = '', matches } = await this.simulate.run(context, workspaceId, event);
    return { digest, matches: matches.map(matchMessage) };
  }
}

function matchMessage({ slug, outcome, pattern, filter = '', part = '', fields = [] }: SimulatedMatch) {
  return { automation: slug, outcome, pattern, filter, part, fields: [...fields] };
}
