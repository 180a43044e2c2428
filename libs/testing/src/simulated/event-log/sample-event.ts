import type { Durable, NewEvent } from '@millrace/messaging';

/** An event of workspace `ws_1` and type `orders.paid`, unless said otherwise. */
export function sampleEvent(id: string, fields: Partial<NewEvent> = {}): NewEvent {
  return {
    id,
    workspaceId: 'ws_1',
    type: 'orders.paid',
    time: 0,
    payload: new TextEncoder().encode('{}'),
    correlationId: 'c-1',
    actor: { kind: 'service', id: 'tests' },
    source: {},
    ...fields,
  };
}

/** The durable `d`: everything, in the order of keys, tried for ever, unless said otherwise. */
export function sampleDurable(fields: Partial<Durable> = {}): Durable {
  return { name: 'd', filter: ['*.>'], order: 'key', parallel: 4, attempts: 'unlimited', start: 'first', ...fields };
}
