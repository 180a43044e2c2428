import type { Clock, Ids } from '@millrace/kernel';
import type { EventActor, EventLog } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { RefusalNews, type RefusedRequest } from '../../application/ports/refusal-news';

const WORKSPACE = 'platform';
const MOST_IN_A_SECOND = 10;

/** Who was refused, as events of the platform. */
export class LoggedRefusalNews extends RefusalNews {
  private second = 0;
  private told = 0;
  /** How many were not told since the last that was. */
  private omitted = 0;

  constructor(
    private readonly eventLog: Pick<EventLog, 'append'>,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  override refused(request: RefusedRequest): void {
    if (!this.isInTurn()) {
      this.omitted += 1;
      return;
    }
    const omitted = this.omitted;
    this.omitted = 0;
    this.append(request, omitted).catch((error: unknown) => {
      this.omitted += omitted + 1;
      this.log.debug('A refusal was not told.', { error, correlationId: request.requestId });
    });
  }

  private isInTurn(): boolean {
    const second = Math.floor(this.clock.now() / 1_000);
    if (second !== this.second) [this.second, this.told] = [second, 0];
    this.told += 1;
    return this.told <= MOST_IN_A_SECOND;
  }

  private async append({ code, route, requestId, caller, ip }: RefusedRequest, omitted: number): Promise<void> {
    const payload = { code, route, ...(omitted === 0 ? {} : { omitted }) };
    await this.eventLog.append([
      {
        id: this.ids.mint('evt'),
        workspaceId: WORKSPACE,
        type: 'gateway.requests.refused',
        time: this.clock.now(),
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        correlationId: requestId,
        actor: actorOf(caller),
        source: { service: 'gateway', ...(ip === undefined ? {} : { ip }) },
      },
    ]);
  }
}

/** By the form of the id, which is all that is known of who was refused. */
function actorOf(caller: string | undefined): EventActor {
  if (caller === undefined) return { kind: 'service', id: 'gateway' };
  if (caller === 'anonymous') return { kind: 'anonymous', id: caller };
  return { kind: caller.startsWith('key_') ? 'key' : 'user', id: caller };
}
