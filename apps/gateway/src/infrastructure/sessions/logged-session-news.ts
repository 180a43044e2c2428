import type { Clock, Ids } from '@millrace/kernel';
import type { EventActor, EventLog, EventSource } from '@millrace/messaging';
import { SessionNews, type Closing } from '../../application/ports/session-news';
import type { Session, Whence } from '../../domain/sessions/session';

const WORKSPACE = 'platform';
const GATEWAY: EventActor = { kind: 'service', id: 'gateway' };
const CLIENT = 'millrace-console';

interface Said {
  /** A new one when absent. */
  readonly id?: string;
  readonly type: string;
  readonly actor: EventActor;
  readonly source: EventSource;
  readonly payload: object;
}

/** Who signed in and out, as events of the platform. */
export class LoggedSessionNews extends SessionNews {
  constructor(
    private readonly eventLog: Pick<EventLog, 'append'>,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async opened({ id, user, whence: { ip } }: Session): Promise<void> {
    const payload = { client: CLIENT, method: 'code', ip };
    await this.say({ type: 'gateway.sessions.opened', actor: { kind: 'user', id: user }, source: { session: id, ip }, payload });
  }

  override async refused(reason: string, { ip }: Whence): Promise<void> {
    await this.say({ type: 'gateway.sessions.refused', actor: GATEWAY, source: { ip }, payload: { reason, ip } });
  }

  override async closed(closing: Closing): Promise<void> {
    const { user, session } = closing;
    const actor: EventActor = user === undefined ? GATEWAY : { kind: 'user', id: user };
    await this.say({ type: 'gateway.sessions.closed', actor, source: session === undefined ? {} : { session }, payload: closing });
  }

  override async left(user: string): Promise<void> {
    const id = this.ids.derive('evt', 'gateway.users.deleted', user);
    await this.say({ id, type: 'gateway.users.deleted', actor: GATEWAY, source: {}, payload: { user } });
  }

  private async say({ id, type, actor, source, payload }: Said): Promise<void> {
    const { ids, clock } = this;
    await this.eventLog.append([
      {
        id: id ?? ids.mint('evt'),
        workspaceId: WORKSPACE,
        type,
        time: clock.now(),
        payload: new TextEncoder().encode(JSON.stringify(payload)),
        correlationId: ids.mint('req'),
        actor,
        source: { service: 'gateway', ...source },
      },
    ]);
  }
}
