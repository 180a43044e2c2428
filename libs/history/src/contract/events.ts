import type { JsonMap } from '@millrace/kernel';
import type { LoggedEvent } from '@millrace/messaging';

export const WORKSPACE = 'ws_1';

/** An event for the suites: recorded at `offset` milliseconds unless told otherwise. */
export function logged(offset: number, payload: JsonMap = {}, given: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    id: `evt_${offset}`,
    workspaceId: WORKSPACE,
    type: 'orders.web.paid',
    time: 1_000_000 + offset,
    payload: new TextEncoder().encode(JSON.stringify(payload)),
    correlationId: `cor_${offset}`,
    actor: { kind: 'user', id: 'u_1' },
    source: { service: 'orders' },
    position: { epoch: 'e1', offset: BigInt(offset) },
    recordedAt: 1_000_000 + offset,
    ...given,
  };
}
