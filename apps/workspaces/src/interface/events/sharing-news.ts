import type { Clock } from '@millrace/kernel';
import type { EventLog, LoggedEvent, Outcome } from '@millrace/messaging';
import { Follower } from '@millrace/service';
import type { TidyShares } from '../../application/sharing/tidy-shares';
import { contextOf, payloadOf } from './heard';

const RUN_DELETED = 'runtime.runs.deleted';
const HEARD = ['workspaces.automations.updated', 'workspaces.automations.deleted', 'workspaces.files.removed', 'workspaces.roles.deleted'];
const CHANGES = [...HEARD, RUN_DELETED].map((type) => `*.${type}`);

/** Hears of what becomes of objects and roles, for what is shared of them and with them. */
export class SharingNews extends Follower {
  constructor(
    eventLog: EventLog,
    private readonly tidy: TidyShares,
    private readonly clock: Clock,
  ) {
    super(eventLog, {
      name: 'workspaces-shares',
      filter: CHANGES,
      order: 'key',
      parallel: 8,
      start: 'now',
    });
  }

  protected async hear(event: LoggedEvent): Promise<Outcome> {
    await this.tidied(event);
    return { kind: 'done' };
  }

  private async tidied(event: LoggedEvent): Promise<void> {
    const { workspaceId, type, time } = event;
    const { slug, oldSlug, file, role, run } = payloadOf(event);
    const context = contextOf(event, this.clock);
    if (typeof file === 'string') await this.tidy.thingGone(context, { workspaceId, subject: 'files', object: file }, time);
    if (type === RUN_DELETED && typeof run === 'string')
      await this.tidy.thingGone(context, { workspaceId, subject: 'runs', object: run }, time);
    if (typeof role === 'string') await this.tidy.holderGone(context, { workspaceId, role }, time);
    if (typeof slug !== 'string') return;
    const automation = { workspaceId, subject: 'automations' } as const;
    if (type.endsWith('deleted')) await this.tidy.thingGone(context, { ...automation, object: slug }, time);
    else if (typeof oldSlug === 'string') await this.tidy.thingRenamed(context, { ...automation, object: oldSlug }, slug, time);
  }
}
