import { demandScope, Permission, type Granted } from '@millrace/auth';
import { DomainError, type Clock, type Principal } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { OwnReader } from '../live/reading/own-reading';
import type { OwnWorkspaces } from '../ports/own-workspaces';
import type { EventRights } from './event-rights';
import { HIDDEN_FROM_MOST, OWN_EVENTS } from './readable';

/** No workspace has this id. */
const ELSEWHERE = 'elsewhere';

/** What people may read of what is addressed to them, wherever it happens. */
export class OwnRights {
  constructor(
    private readonly rights: Pick<EventRights, 'toRead'>,
    private readonly workspaces: OwnWorkspaces,
    private readonly clock: Clock,
  ) {}

  /** Refuses (`events.own_denied`) who is no person, for nothing is addressed to keys, and (`auth.scope_missing`) a token that is not for `read:me`. */
  async toRead(context: CallContext): Promise<OwnReader> {
    const { principal } = context;
    if (principal.kind !== 'user') throw onlyPeople();
    demandScope(principal, 'read', 'me');
    const ids = await this.workspaces.of(context);
    const granted = await Promise.all(ids.map(async (id) => [id, await this.toReadIn(context, id)] as const));
    const ends = granted.flatMap(([, { until }]) => until ?? []);
    const elsewhere = this.byRules(principal, ELSEWHERE, [...OWN_EVENTS, HIDDEN_FROM_MOST]);
    return {
      ...{ principal, elsewhere },
      permissions: new Map(granted.map(([id, { permission }]) => [id, permission])),
      ...(ends.length === 0 ? {} : { until: Math.min(...ends) }),
    };
  }

  private async toReadIn(context: CallContext, workspace: string): Promise<Pick<Granted, 'permission' | 'until'>> {
    try {
      return await this.rights.toRead(context, workspace);
    } catch (error) {
      if (!(error instanceof DomainError) || error.refusal === 'unavailable') throw error;
      return { permission: this.byRules(context.principal, workspace, []) };
    }
  }

  private byRules(principal: Principal, workspaceId: string, rules: typeof OWN_EVENTS): Permission {
    return Permission.of({ principal, workspaceId, now: this.clock.now(), rules }, 'read', 'events');
  }
}

function onlyPeople(): DomainError {
  return new DomainError(
    'events.own_denied',
    'forbidden',
    'Events are addressed to people. Ask for the events of a workspace: /v1/workspaces/<id or slug>/events.',
  );
}
