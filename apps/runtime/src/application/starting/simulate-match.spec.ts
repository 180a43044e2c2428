import { describe, expect, it } from '@jest/globals';
import { Permission, type Rule } from '@millrace/auth';
import { plan } from '@millrace/language';
import type { CallContext, LoggedEvent } from '@millrace/messaging';
import type { Freeze } from '../ports/models';
import { SimulateMatch } from './simulate-match';

const ada = { kind: 'user', id: 'ada', roles: [] } as const;
const context: CallContext = { principal: ada, correlationId: 'c', deadline: 0 };
const READ: readonly Rule[] = [{ allow: ['read'], on: ['automations'] }];

const model = {
  workspaceId: 'ws_1',
  digest: 'sha256:1',
  plan: plan({
    automations: [
      { file: 'automations/greet.yaml', text: 'when: { events: orders.paid }\ndo: []' },
      {
        file: 'automations/big.yaml',
        text: "when: { events: { event: orders.*, filter: '{{payload.sum}} > 5 and {{payload.open}}' } }\ndo: []",
      },
    ],
  }),
};

const event = (more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'orders.paid', time: 1, correlationId: 'c', actor: { kind: 'user', id: 'ada' } },
  ...{ source: {}, payload: new TextEncoder().encode('{"sum":3}'), position: { epoch: 'e', offset: 1n }, recordedAt: 1 },
  ...more,
});

function simulating({
  runs = true,
  freezes = [],
  rules = READ,
}: { runs?: boolean; freezes?: readonly Freeze[]; rules?: readonly Rule[] } = {}) {
  const standing = { principal: ada, workspaceId: 'ws_1', now: 0, owner: false, suspended: false, rules };
  const granted = { id: 'ws_1', slug: 'hotel', roles: [], permission: Permission.of(standing, 'read', 'automations') };
  return new SimulateMatch({
    models: { find: async () => (runs ? { ...model, freezes } : undefined) },
    rights: { permit: async () => granted },
  });
}

const outcomes = async (simulate: SimulateMatch, given: LoggedEvent = event()) =>
  (await simulate.run(context, 'hotel', given)).matches.map(({ slug, outcome }) => [slug, outcome]);

describe('what an event would start', () => {
  it('is told of each automation that listens, with the part of a filter that does not hold', async () => {
    expect(await simulating().run(context, 'hotel', event())).toEqual({
      digest: 'sha256:1',
      matches: [
        {
          ...{ slug: 'big', outcome: 'filtered', pattern: 'orders.*' },
          ...{ filter: '{{payload.sum}} > 5 and {{payload.open}}', part: '{{payload.sum}} > 5', fields: ['payload.open', 'payload.sum'] },
        },
        { slug: 'greet', outcome: 'matches', pattern: 'orders.paid' },
      ],
    });
  });

  it('is nothing where events start nothing, or where too much led to the event', async () => {
    const filtered = ['big', 'filtered'];
    expect(await outcomes(simulating({ freezes: ['events'] }))).toEqual([filtered, ['greet', 'frozen']]);
    expect(await outcomes(simulating({ freezes: ['schedules'] }))).toEqual([filtered, ['greet', 'matches']]);
    expect(await outcomes(simulating(), event({ hops: 20 }))).toEqual([filtered, ['greet', 'too_deep']]);
  });

  it('is told of the automations that the caller may read alone', async () => {
    expect(await outcomes(simulating({ rules: [{ allow: ['read'], on: ['automations'], where: "slug = 'big'" }] }))).toEqual([
      ['big', 'filtered'],
    ]);
  });

  it('is nothing where nothing runs, and for the event of another workspace', async () => {
    expect(await simulating({ runs: false }).run(context, 'hotel', event())).toEqual({ matches: [] });
    expect(await simulating().run(context, 'hotel', event({ workspaceId: 'ws_2' }))).toEqual({ matches: [] });
  });
});
