import { EventTypesService, type DeclaredEventType } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Ids, type Json } from '@millrace/kernel';
import type { Bus } from '@millrace/messaging';
import { DeclaredTypes, type DeclaredType } from '../application/ports/declared-types';

/** Milliseconds until what was asked has been answered. */
const PATIENCE = 2_000;

/** Asks the service of workspaces. */
export class BusDeclaredTypes extends DeclaredTypes {
  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  override async of(workspaceId: string, digest: string): Promise<readonly DeclaredType[]> {
    const context = {
      principal: servicePrincipal('events'),
      correlationId: this.ids.mint('cor'),
      deadline: this.clock.now() + PATIENCE,
    };
    const { items } = await this.bus.call(EventTypesService.method.fetchEventTypes, { workspaceId, digest }, context);
    return items.map(typeOf);
  }
}

function typeOf({ type, version, mode, schema, clients, key, secret }: DeclaredEventType): DeclaredType {
  return {
    ...{ type, version, clients, secret },
    mode: mode === 'enforce' || mode === 'off' ? mode : 'warn',
    ...(schema.length === 0 ? {} : { schema: JSON.parse(Buffer.from(schema).toString('utf8')) as Json }),
    ...(key === '' ? {} : { key }),
  };
}
