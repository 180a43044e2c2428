import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../plan/compile';
import type { Plan, PlannedAutomation } from '../plan/plan';
import type { WorkspaceSources } from '../workspace/sources';
import { matchEndpoint, matchEvents } from './match';
import type { EventLocals } from './matching';
import { compileWait } from './wait';

const sources = (automations: Readonly<Record<string, string>>): WorkspaceSources => ({
  automations: Object.entries(automations).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text: `${text}\ndo: []` })),
});

const planOf = (automations: Readonly<Record<string, string>>, more: Partial<WorkspaceSources> = {}): Plan =>
  plan({ ...sources(automations), ...more });

const automationOf = (text: string, more: Partial<WorkspaceSources> = {}): PlannedAutomation => {
  const found = planOf({ a: text }, more).automations.get('a');
  if (found === undefined) throw new Error('no automation');
  return found;
};

const event = (type: string, payload: JsonMap = {}): EventLocals => ({
  id: 'evt_1',
  type,
  createdAt: '2026-01-01T00:00:00.000Z',
  payload,
  source: { userId: 'usr_1' },
});

const startedBy = (workspace: Plan, type: string, payload: JsonMap = {}): readonly string[] =>
  matchEvents(workspace, event(type, payload)).map(({ slug }) => slug);

describe('an event', () => {
  it('starts the automations that name it or a pattern it fits, each once, by slug', () => {
    const workspace = planOf({
      d: 'when: { events: [orders.paid, orders.*, orders.>] }',
      c: 'when: { events: orders.* }',
      b: 'when: { events: orders.> }',
      a: 'when: { events: orders.paid }',
      e: 'when: { events: [orders.*.paid, bills.paid] }',
    });
    expect(startedBy(workspace, 'orders.paid')).toEqual(['a', 'b', 'c', 'd']);
    expect(startedBy(workspace, 'orders.web.paid')).toEqual(['b', 'd', 'e']);
    expect(startedBy(workspace, 'orders')).toEqual([]);
  });

  it('that tells of an automation that was executed starts none, since that would never end', () => {
    const workspace = planOf({ a: 'when: { events: [runtime.automations.executed, "runtime.>", "runtime.automations.*"] }' });
    expect(startedBy(workspace, 'runtime.automations.executed')).toEqual([]);
    expect(startedBy(workspace, 'runtime.automations.stopped')).toEqual(['a']);
  });

  it('starts what its filter accepts', () => {
    const workspace = planOf({ a: "when: { events: { event: paid, filter: '{{payload.sum}} > 5 and {{source.userId}} == usr_1' } }" });
    expect(startedBy(workspace, 'paid', { sum: 6 })).toEqual(['a']);
    expect(startedBy(workspace, 'paid', { sum: 5 })).toEqual([]);
  });

  it.each([
    ['that cannot be read', '1 +'],
    ['that fails', '{{payload}} - 1 > 0'],
    ['that takes too much work', 'range(0, 90000).length + range(0, 90000).length > 0'],
    ['over a context, which a filter does not see', '{{global.x}}'],
  ])('does not match a filter %s', (_, filter) => {
    expect(startedBy(planOf({ a: `when: { events: { event: paid, filter: '${filter}' } }` }), 'paid')).toEqual([]);
  });

  it('has its time as now in a filter, and chance that is always the same', () => {
    const workspace = planOf({
      a: `when: { events: { event: paid, filter: 'now() == "2026-01-01T00:00:00.000Z" and rand() < 1' } }`,
    });
    expect(startedBy(workspace, 'paid')).toEqual(['a']);
  });

  it('starts neither what is disabled nor what is in a disabled app', () => {
    const inApp = sources({ b: 'when: { events: paid }' });
    const workspace = planOf({ a: 'disabled: true\nwhen: { events: paid }' }, { apps: { crm: { ...inApp, disabled: true } } });
    expect(startedBy(workspace, 'crm.paid')).toEqual([]);
    expect(startedBy(workspace, 'paid')).toEqual([]);
  });

  it('has no prefix inside the app it belongs to', () => {
    const workspace = planOf({ a: 'when: { events: crm.* }' }, { apps: { crm: sources({ b: 'when: { events: synced }' }) } });
    expect(matchEvents(workspace, event('crm.synced')).map(({ slug, locals }) => [slug, locals['type']])).toEqual([
      ['a', 'crm.synced'],
      ['crm.b', 'synced'],
    ]);
  });

  it('has no locals for what it does not have', () => {
    const [match] = matchEvents(planOf({ a: 'when: { events: paid }' }), {
      ...event('paid'),
      subject: undefined,
    } as unknown as EventLocals);
    expect(Object.keys(match?.locals ?? {})).toEqual(['id', 'type', 'createdAt', 'payload', 'source']);
  });

  it('of another app starts nothing in an app', () => {
    const workspace = planOf(
      {},
      { apps: { crm: sources({ b: 'when: { events: runtime.> }' }), shop: sources({ c: 'when: { events: ">" }' }) } },
    );
    expect(startedBy(workspace, 'shop.sold')).toEqual(['shop.c']);
    expect(startedBy(workspace, 'crm.sold')).toEqual([]);
  });

  it('of the platform starts automations of apps by its own name', () => {
    const workspace = planOf({}, { apps: { crm: sources({ b: 'when: { events: workspaces.versions.published }' }) } });
    expect(startedBy(workspace, 'workspaces.versions.published')).toEqual(['crm.b']);
  });
});

describe('a call of an endpoint', () => {
  const workspace = planOf({
    exact: 'when: { endpoint: orders/new }',
    one: "when: { endpoint: '/orders/:id/' }",
    rest: "when: { endpoint: { path: 'files/*path', methods: [get, POST] } }",
    any: "when: { endpoint: 'all/*' }",
    'by slug': 'when: { endpoint: true }',
    second: 'when: { endpoint: orders/new }',
    written: 'when: { endpoint: { path: orders/closed, methods: put } }',
    lines: 'when: { endpoint: orders/:order/lines/:line }',
    under: "when: { endpoint: 'files/*path/as/:form' }",
    off: 'when: { endpoint: false }',
  });
  const answered = (method: string, path: string) =>
    matchEndpoint(workspace, method, path).map(({ slug, pathParams }) => [slug, pathParams]);

  it.each<[string, string, readonly Json[]]>([
    [
      'GET',
      'orders/new',
      [
        ['exact', {}],
        ['second', {}],
      ],
    ],
    ['GET', '/orders/7/', [['one', { id: '7' }]]],
    ['GET', 'orders/a%20b', [['one', { id: 'a b' }]]],
    ['GET', 'orders/%zz', [['one', { id: '%zz' }]]],
    ['GET', 'orders', []],
    ['GET', 'orders/7/8', []],
    ['post', 'files/a/b%2Fc', [['rest', { path: 'a/b/c' }]]],
    ['delete', 'files/a', []],
    ['get', 'files', []],
    ['put', 'orders/closed', [['written', {}]]],
    ['get', 'orders/closed', [['one', { id: 'closed' }]]],
    ['get', 'orders/7/lines/2', [['lines', { order: '7', line: '2' }]]],
    ['get', 'orders/7/lines', []],
    [
      'get',
      'files/a/as/pdf',
      [
        ['rest', { path: 'a/as/pdf' }],
        ['under', { path: 'a/as/pdf', form: 'pdf' }],
      ],
    ],
    ['get', 'files/a/b/as/pdf', [['rest', { path: 'a/b/as/pdf' }]]],
    ['get', 'all/x', [['any', { rest: 'x' }]]],
    ['get', 'by slug', [['by slug', {}]]],
    ['get', 'off', []],
  ])('%s %s is answered by %j', (method, path, expected) => {
    expect(answered(method, path)).toEqual(expected);
  });
});

describe('an endpoint', () => {
  it('of an app stands below the instance of the app, or at the slug that others call it by', () => {
    const shop = sources({
      buy: "when: { endpoint: '/orders/:id/' }",
      list: 'when: { endpoint: { path: orders, methods: get } }',
      'by slug': 'when: { endpoint: { access: public } }',
      hook: 'when: { endpoint: true }',
    });
    const workspace = planOf({ own: 'when: { endpoint: orders/:id }' }, { apps: { shop } });
    const answered = (method: string, path: string) =>
      matchEndpoint(workspace, method, path).map(({ slug, pathParams }) => [slug, pathParams]);
    expect(answered('post', 'shop/orders/7')).toEqual([['shop.buy', { id: '7' }]]);
    expect(answered('get', 'shop/orders')).toEqual([['shop.list', {}]]);
    expect(answered('get', 'shop.by slug')).toEqual([['shop.by slug', {}]]);
    expect(answered('get', 'shop.hook')).toEqual([['shop.hook', {}]]);
    expect(answered('get', 'shop/hook')).toEqual([]);
    expect(answered('post', 'orders/7')).toEqual([['own', { id: '7' }]]);
  });

  it.each<[string, object]>([
    ['when: { endpoint: true }', { path: 'a', methods: [], access: 'members', respond: 'result', wait: 25_000, onDisconnect: 'continue' }],
    [
      'when: { endpoint: { path: x, access: signed-in, respond: accepted, onDisconnect: cancel, wait: 1h } }',
      { access: 'signed-in', respond: 'accepted', onDisconnect: 'cancel', wait: 300_000 },
    ],
    [
      'when: { endpoint: { request: { type: object }, dedupe: "{{headers.id}}" } }',
      { path: 'a', request: { type: 'object' }, dedupe: '{{headers.id}}' },
    ],
    [
      'when: { endpoint: { verify: { preset: github, secret: "{{secret.HOOK}}" } } }',
      { access: 'public', verify: { preset: 'github', secret: '{{secret.HOOK}}', tolerance: 300_000 } },
    ],
    [
      'when: { endpoint: { verify: { preset: hmac, secret: s, tolerance: 1m, header: x-sign, algorithm: sha256, encoding: hex, payload: "{{body}}", prefix: v1=, timestamp: x-at } } }',
      {
        verify: {
          preset: 'hmac',
          secret: 's',
          tolerance: 60_000,
          header: 'x-sign',
          algorithm: 'sha256',
          encoding: 'hex',
          payload: '{{body}}',
          prefix: 'v1=',
          timestamp: 'x-at',
        },
      },
    ],
    ['compat: prisme\nwhen: { endpoint: true }', { access: 'public' }],
  ])('%s has its defaults', (text, expected) => {
    expect(automationOf(text).triggers.endpoint).toMatchObject(expected);
  });
});

describe('a schedule', () => {
  const defaults = {
    timeZone: 'UTC',
    missed: 'last',
    missedWithin: 3_600_000,
    overlap: 'skip',
    jitter: 0,
    dst: { missing: 'shift', repeated: 'first' },
  };

  it.each<[string, object]>([
    ['30 7 * * *', { ...defaults, value: '30 7 * * *', cron: '30 7 * * *' }],
    ["'@every 10m'", { ...defaults, value: '@every 10m', every: 600_000 }],
    ["'2026-05-01T08:00+02:00'", { ...defaults, value: '2026-05-01T08:00+02:00', at: Date.UTC(2026, 4, 1, 6) }],
    ['{ at: 1000 }', { ...defaults, value: '1000', at: 1000 }],
    [
      "{ at: '2026-05-01T08:00', timeZone: Europe/Paris }",
      { ...defaults, timeZone: 'Europe/Paris', value: '2026-05-01T08:00', at: Date.UTC(2026, 4, 1, 6) },
    ],
    [
      '{ every: 1h, missed: all, missedWithin: 1d, overlap: queue, jitter: 1m, dst: { missing: skip, repeated: both } }',
      {
        every: 3_600_000,
        value: '1h',
        missed: 'all',
        missedWithin: 86_400_000,
        overlap: 'queue',
        jitter: 60_000,
        dst: { missing: 'skip', repeated: 'both' },
      },
    ],
  ])('%s has its defaults', (written, expected) => {
    expect(
      automationOf(`when: { schedules: [${written.startsWith('{') || written.startsWith("'") ? written : `'${written}'`}] }`).triggers
        .schedules,
    ).toMatchObject([expected]);
  });

  it('is in the zone of the workspace unless it says otherwise', () => {
    const workspace = { file: 'workspace.yaml', text: 'timeZone: Europe/Paris' };
    expect(automationOf("when: { schedules: '0 0 * * *' }", { workspace }).triggers.schedules).toMatchObject([
      { timeZone: 'Europe/Paris' },
    ]);
  });
});

describe('a source', () => {
  it('has its action, and what it is given', () => {
    const { triggers } = automationOf(
      "when: { sources: [{ action: tail, version: 2, inputs: { path: x }, place: { site: a }, filter: '{{x}}' }, { action: b, version: ~ }] }",
    );
    expect(triggers.sources).toEqual([
      { action: 'tail', version: '2', inputs: { path: 'x' }, place: { site: 'a' }, filter: '{{x}}' },
      { action: 'b', inputs: {} },
    ]);
  });
});

describe('the admission of runs', () => {
  const month = 30 * 86_400_000;

  it.each<[string, object]>([
    ['', { order: 'none', timeout: month, priority: 'normal' }],
    ['when: { events: a }', { order: 'event', timeout: month, priority: 'normal' }],
    ['when: { events: a }\norder: none\npriority: low\ntimeout: 1h', { order: 'none', timeout: 3_600_000, priority: 'low' }],
    ['priority: high\norder: event', { order: 'event', timeout: month, priority: 'high' }],
    ['concurrency: { limit: 2 }', { concurrency: { limit: 2, policy: 'queue' } }],
    ['concurrency: { limit: 2, key: "{{x}}", policy: reject }', { concurrency: { limit: 2, policy: 'reject', key: '{{x}}' } }],
    ['concurrency: { limit: 1, key: ~, policy: skip }', { concurrency: { limit: 1, policy: 'skip' } }],
    ['concurrency: { limit: 1, policy: cancel }', { concurrency: { limit: 1, policy: 'cancel' } }],
    ['debounce: { period: 5s }', { debounce: { period: 5000 } }],
    ['debounce: { period: 5s, key: k, maxWait: 1m }', { debounce: { period: 5000, key: 'k', maxWait: 60_000 } }],
    ['batch: { size: 10, within: 1m }', { batch: { size: 10, within: 60_000 } }],
    ["batch: { size: 2, within: 1s, key: '{{payload.k}}' }", { batch: { size: 2, within: 1_000, key: '{{payload.k}}' } }],
    ['record: errors', { record: 'errors' }],
    ['record: none', { record: 'none' }],
    ['retry: { attempts: 3 }', { retry: { attempts: 3, delay: 1000, factor: 2, maxDelay: 300_000, jitter: 0.2, lost: 'repeat' } }],
    [
      'retry: { attempts: 2, delay: 2s, maxDelay: 1m, on: runtime.busy, lost: fail }',
      { retry: { attempts: 2, delay: 2000, factor: 2, maxDelay: 60_000, jitter: 0.2, on: ['runtime.busy'], lost: 'fail' } },
    ],
    ['retry: { attempts: 2, on: [503, 5xx] }', { retry: { attempts: 2, on: ['503', '5xx'] } }],
  ])('of %j', (text, expected) => {
    expect(automationOf(text).admission).toMatchObject(expected);
  });
});

describe('a wait', () => {
  const workspace = planOf({});
  const accepts = (entry: JsonMap, type: string, payload: JsonMap = {}, instance = '') =>
    compileWait(workspace, { oneOf: [{ event: 'paid', cancelTriggers: false, ...entry }], instance, until: 0 })(event(type, payload));

  it('accepts the first of its entries that fits, and says whether triggers are cancelled', () => {
    const oneOf = [
      { event: 'bills.*', cancelTriggers: false },
      { event: 'paid', filters: { 'payload.id': 7 }, cancelTriggers: true },
      { event: 'paid', cancelTriggers: false },
    ];
    const test = compileWait(workspace, { oneOf, instance: '', until: 0 });
    expect(test(event('paid', { id: 7 }))).toMatchObject({ cancelTriggers: true, value: { id: 'evt_1', type: 'paid' } });
    expect(test(event('paid', { id: 8 }))).toMatchObject({ cancelTriggers: false });
    expect(test(event('sent'))).toBeUndefined();
  });

  it.each<[string, JsonMap, boolean]>([
    ['an equal value, loosely', { filters: { 'payload.id': '7' } }, true],
    ['an operator', { filters: { 'payload.id': { $gt: 6 } } }, true],
    ['another value', { filters: { 'payload.id': 8 } }, false],
    ['an expression that holds', { filter: '{{payload.id}} == 7' }, true],
    ['an expression that does not', { filter: '{{payload.id}} == 8' }, false],
    ['filters that hold beside an expression that does not', { filters: { 'payload.id': 7 }, filter: 'false' }, false],
    ['an expression that cannot be read', { filter: '{{payload.id' }, false],
    ['an expression that fails', { filter: '{{payload}} * 1' }, false],
    ['an unknown operator', { filters: { 'payload.id': { $near: 1 } } }, false],
  ])('by %s', (_, entry, expected) => {
    expect(accepts(entry, 'paid', { id: 7 }) !== undefined).toBe(expected);
  });

  it('of an app accepts events of its own and those of the platform, by the names it knows', () => {
    const own = { event: 'crm.paid' };
    expect(accepts(own, 'crm.paid', {}, 'crm')?.value['type']).toBe('paid');
    expect(accepts({ event: '>' }, 'other.paid', {}, 'crm')).toBeUndefined();
    expect(accepts({ event: '>' }, 'runtime.automations.executed', {}, 'crm')?.value['type']).toBe('runtime.automations.executed');
  });
});
