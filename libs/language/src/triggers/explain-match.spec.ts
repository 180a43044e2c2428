import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan } from '../plan/plan';
import { explainMatches } from './explain-match';
import { matchEvents } from './match';
import type { EventLocals } from './matching';

const planOf = (automations: Readonly<Record<string, string>>): Plan =>
  plan({
    automations: Object.entries(automations).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text: `${text}\ndo: []` })),
  });

const event = (type: string, payload: JsonMap = {}): EventLocals => ({
  ...{ id: 'evt_1', type, createdAt: '2026-01-01T00:00:00.000Z', payload, source: { userId: 'usr_1' } },
});

describe('why an event starts what it starts', () => {
  it('is told of every automation that listens to its type, and of no other', () => {
    const workspace = planOf({
      d: 'when: { events: [orders.>, orders.paid] }',
      c: 'when: { events: orders.* }\ndisabled: true',
      b: 'when: { events: bills.* }',
      a: 'when: { events: { event: orders.paid, filter: "{{payload.sum}} > 5" } }',
    });
    const explained = explainMatches(workspace, event('orders.paid', { sum: 9 }));
    expect(explained).toEqual([
      { slug: 'a', outcome: 'matches', pattern: 'orders.paid' },
      { slug: 'c', outcome: 'disabled', pattern: 'orders.*' },
      { slug: 'd', outcome: 'matches', pattern: 'orders.>' },
    ]);
    expect(matchEvents(workspace, event('orders.paid', { sum: 9 })).map(({ slug }) => slug)).toEqual(['a', 'd']);
  });

  it.each([
    ['{{payload.sum}} > 5', '{{payload.sum}} > 5', ['payload.sum']],
    ["{{payload.sum}} < 5 and {{source.userId}} == 'usr_2' and {{payload.state}} exists", "{{source.userId}} == 'usr_2'", null],
    ['{{payload.sum}} < 5 and {{payload.state}} exists', '{{payload.state}} exists', ['payload.state', 'payload.sum']],
    ['{{payload.sum}} > 5 or {{payload.state}} == open', '{{payload.sum}} > 5 or {{payload.state}} == open', null],
    ['{{payload[{{payload.by}}]}} == 1', '{{payload[{{payload.by}}]}} == 1', ['']],
    ['{{payload.sum}} < 5 and {{payload.sum}} / 0 == 1', '{{payload.sum}} / 0 == 1', null],
  ])('names the part of a filter that does not hold: %s', (filter, part, fields) => {
    const workspace = planOf({ a: `when: { events: { event: paid, filter: ${JSON.stringify(filter)} } }` });
    const [explained] = explainMatches(workspace, event('paid', { sum: 3, by: 'sum' }));
    expect(explained).toMatchObject({ slug: 'a', outcome: 'filtered', pattern: 'paid', filter, part });
    if (fields !== null) expect(explained?.fields).toEqual(fields);
  });

  it('is told of automations of apps by the names inside the app, and of none that the event is not for', () => {
    const automations = [{ file: 'automations/b.yaml', text: 'when: { events: synced }\ndo: []' }];
    const workspace = plan({ automations: [], apps: { crm: { automations }, shop: { automations } } });
    expect(explainMatches(workspace, event('crm.synced'))).toEqual([{ slug: 'crm.b', outcome: 'matches', pattern: 'crm.synced' }]);
    expect(explainMatches(workspace, event('bills.paid'))).toEqual([]);
  });

  it('is that nothing listens to what tells of automations that were executed', () => {
    const workspace = planOf({ a: 'when: { events: "runtime.>" }' });
    expect(explainMatches(workspace, event('runtime.automations.executed'))).toEqual([
      { slug: 'a', outcome: 'filtered', pattern: 'runtime.>' },
    ]);
  });
});
