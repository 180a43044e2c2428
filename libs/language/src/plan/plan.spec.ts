import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { Json, JsonMap } from '@millrace/kernel';
import { DEFAULT_LIMITS, type Limits } from '../step/limits';
import { start } from '../step/step';
import type { Begin } from '../step/turn';
import { explainMatches } from '../triggers/explain-match';
import { matchEvents } from '../triggers/match';
import type { WorkspaceSources } from '../workspace/sources';
import { plan } from './compile';
import type { Plan, PlannedAutomation } from './plan';

const planOf = (text: string, more: Partial<WorkspaceSources> = {}): Plan =>
  plan({ automations: [{ file: 'automations/a.yaml', text }], ...more });

const automationOf = (text: string, more: Partial<WorkspaceSources> = {}): PlannedAutomation => {
  const found = planOf(text, more).automations.get('a');
  if (found === undefined) throw new Error('no automation');
  return found;
};

const BEGIN: Begin = {
  run: 'run_1',
  slug: 'a',
  locals: {},
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: {},
  seed: 'seed',
  now: 0,
};

const settings = (text: string) => ({ workspace: { file: 'workspace.yaml', text } });

describe('plan', () => {
  it('refuses documents that cannot be understood, and points to each problem', () => {
    const text = 'do: [{ set: 1 }]\nouput: 2';
    expect(() => planOf(text)).toThrow(DomainError);
    expect(() => planOf(text)).toThrow(
      expect.objectContaining({
        code: 'language.document_invalid',
        facts: { file: 'automations/a.yaml', line: 1, column: 13 },
        message: expect.stringMatching(/^automations\/a\.yaml:1:13 .*\(and 1 more\)$/),
      }),
    );
    expect(() => planOf('ouput: 1\ndo: []')).toThrow(expect.objectContaining({ message: expect.not.stringContaining('more)') }));
  });

  it('takes parameters nobody knows in Prisme.ai, and makes nothing of them', () => {
    const text = 'do: [{ emit: { event: x, foo: "{{n}}" } }, { set: { name: m, vaule: ["{{n}}"] } }]\noutput: ["{{n}}", "{{m}}"]';
    expect(() => planOf(text)).toThrow(DomainError);
    const turn = start(planOf(`compat: prisme\n${text}`), { ...BEGIN, locals: { n: 1 } });
    expect([turn.effects.map(({ request }) => request), turn.ended]).toMatchObject([[{ event: 'x', payload: {} }], { output: [1, null] }]);
  });

  it('takes what is only doubtful', () => {
    expect(() => planOf('do: [{ unknown: }, { conditions: { "1 +": [] } }]\noutput: "{{a b(}}"')).not.toThrow();
    expect(() => planOf('when: { events: { event: x, filter: "1 +" } }\ndo: []')).not.toThrow();
  });

  it('knows automations by their full slugs', () => {
    const mail = { app: 'mail', automations: [{ file: 'automations/send.yaml', text: 'do: []' }] };
    const crm = { app: 'crm', automations: [{ file: 'automations/sync.yaml', text: 'do: []' }], disabled: true, apps: { mail } };
    const { automations, documents } = planOf('do: []', { apps: { crm } });
    expect([...automations.values()].map(({ slug, instance, disabled }) => [slug, instance, disabled])).toEqual([
      ['a', '', false],
      ['crm.sync', 'crm', true],
      ['crm.mail.send', 'crm.mail', true],
    ]);
    expect([...documents.keys()]).toEqual(['', 'crm', 'crm.mail']);
  });

  it.each<[string, object]>([
    ['do: []', { name: 'a', labels: [], private: false, disabled: false, dialect: { prisme: false } }],
    ['name: Pay\nlabels: [billing, web]\nprivate: true\ndo: []', { name: 'Pay', labels: ['billing', 'web'], private: true }],
    ['name: { en: Pay, fr: Payer }\ndisabled: true\ndo: []', { name: { en: 'Pay', fr: 'Payer' }, disabled: true }],
    ['authorizations: { action: pay }\ndo: []', { authorization: 'pay' }],
    ['compat: prisme\ndo: []', { dialect: { prisme: true } }],
  ])('of %j says what it is', (text, expected) => {
    expect(automationOf(text)).toMatchObject(expected);
  });

  it('reads expressions as the workspace says, unless the automation says otherwise', () => {
    const workspace = settings('compat: prisme');
    expect(automationOf('do: []', workspace).dialect).toEqual({ prisme: true });
    expect(automationOf('compat: none\ndo: []', workspace).dialect).toEqual({ prisme: false });
  });
});

describe('limits', () => {
  it('are lowered by the workspace, never raised', () => {
    const { limits } = planOf('do: []', settings('limits: { allMax: 3, repeatMax: 1000000000, runMaxDepth: 0, eventMax: -1, other: 7 }'));
    expect(limits).toEqual({ ...DEFAULT_LIMITS, branches: 3 });
  });

  it('are those of the server where it has its own', () => {
    const sources: WorkspaceSources = { automations: [], ...settings('limits: { allMax: 30 }') };
    expect(plan(sources, { branches: 20, passes: 5 }).limits).toEqual({ ...DEFAULT_LIMITS, branches: 20, passes: 5 });
  });
});

describe('the work of an expression', () => {
  const COUNTS = 'when: { events: { event: x, filter: "range(0, 30).length == 30" } }\ndo: []\noutput: "{% range(0, 30).length %}"';
  const asked = (text: string, limits: Partial<Limits>, workspace = '{}') => {
    const compiled = plan({ automations: [{ file: 'automations/a.yaml', text }], ...settings(workspace) }, limits);
    const event = { id: 'evt_1', type: 'x', createdAt: '2026-01-01T00:00:00.000Z', payload: {}, source: {} };
    const matched =
      matchEvents(compiled, event).length + explainMatches(compiled, event).filter(({ part }) => part !== undefined).length * 10;
    const { ended } = start(compiled, BEGIN);
    return { matched, ended: ended !== undefined && 'error' in ended ? ended.error.code : ended };
  };

  it('is bounded by the server, or more tightly by the workspace, in filters as in runs', () => {
    const refused = { matched: 10, ended: 'language.expression_budget' };
    expect(asked(COUNTS, {})).toEqual({ matched: 1, ended: { output: 30 } });
    expect(asked(COUNTS, { units: 20 })).toEqual(refused);
    expect(asked(COUNTS, {}, 'limits: { languageMaxUnits: 20 }')).toEqual(refused);
  });

  it('comes to a text no longer than the server or the workspace allows', () => {
    const text = 'do: []\noutput: "ab{{run.id}}cd"';
    expect(asked(text, { text: 9 }).ended).toEqual({ output: 'abrun_1cd' });
    expect(asked(text, { text: 8 }).ended).toBe('language.expression_budget');
    expect(asked(text, { text: 9 }, 'limits: { languageMaxText: 8 }').ended).toBe('language.expression_budget');
  });
});

describe('times that an automation does not say', () => {
  const timesOf = (limits: Partial<Limits>, workspace: string, text = 'when: { endpoint: true }\ndo: []') => {
    const sources: WorkspaceSources = { automations: [{ file: 'automations/a.yaml', text }], ...settings(workspace) };
    const { admission, triggers } = plan(sources, limits).automations.get('a') ?? {};
    return [admission?.timeout, triggers?.endpoint?.wait];
  };
  const server = { defaultTimeout: 60_000, defaultHold: 9_000 };

  it('are those of the server, or less where the workspace says so', () => {
    expect(timesOf({}, '{}')).toEqual([30 * 86_400_000, 25_000]);
    expect(timesOf(server, '{}')).toEqual([60_000, 9_000]);
    expect(timesOf(server, 'limits: { runTimeout: 50000, endpointTimeout: 8000 }')).toEqual([50_000, 8_000]);
    expect(timesOf(server, 'limits: { runTimeout: 70000, endpointTimeout: 10000 }')).toEqual([60_000, 9_000]);
  });

  it('may be more where it says them, an endpoint holding callers for five minutes at most, a run 400 days', () => {
    expect(timesOf(server, '{}', 'timeout: 99999999d\ndo: []')).toEqual([400 * 86_400_000, undefined]);
    expect(timesOf(server, '{}', 'timeout: 1d\nwhen: { endpoint: { wait: 1m } }\ndo: []')).toEqual([86_400_000, 60_000]);
    expect(timesOf(server, '{}', 'when: { endpoint: { wait: 10m } }\ndo: []')).toEqual([60_000, 300_000]);
  });
});

describe('what callers may pass', () => {
  const taken = (text: string, locals: JsonMap, more: Partial<WorkspaceSources> = {}): Json => {
    try {
      return automationOf(`${text}\ndo: []`, more).accepts.take(locals);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return error.message;
    }
  };

  it.each<[string, JsonMap, Json]>([
    ['', { n: 1 }, { n: 1 }],
    ['arguments: { n: { type: number } }', { n: 1, other: 2 }, { n: 1, other: 2 }],
    ['arguments: { n: { type: number } }', { n: 'x' }, 'The argument /n must be number.'],
    ['arguments: { n: { required: true }, m: { required: true } }', {}, 'The argument /n is required (and 1 more).'],
    ['arguments: { n: { default: 7 } }', {}, { n: 7 }],
    ['arguments: { n: { type: number } }\nvalidateArguments: false', { n: 'x' }, { n: 'x' }],
    ['validateArguments: true', { n: 'x' }, { n: 'x' }],
    ['schemas: [{ payload: { required: [n] } }]', {}, 'The argument /n is required.'],
    ['schemas: [{ conditions: { method: GET }, payload: { required: [n] } }, {}]', { method: 'get' }, 'The argument /n is required.'],
    ['schemas: [{ conditions: { method: GET }, payload: { required: [n] } }, {}]', { method: 'post' }, { method: 'post' }],
    ['schemas: [{ conditions: { "body.kind": 1 } }]', { body: { kind: '1' } }, { body: { kind: '1' } }],
    [
      'schemas: [{ conditions: { "body.kind": a } }]',
      { body: { kind: 'A' } },
      'The argument / must fit the conditions of one of the schemas.',
    ],
    [
      'arguments: { n: { type: nonsense } }',
      { n: 1 },
      expect.stringContaining('the schema is invalid at /properties/n/type') as unknown as Json,
    ],
  ])('with %j, given %j, is %j', (text, locals, expected) => {
    expect(taken(text, locals)).toEqual(expected);
  });

  it('is not looked at in Prisme.ai unless it says so', () => {
    const workspace = settings('compat: prisme');
    expect(taken('arguments: { n: { type: number } }', { n: 'x' }, workspace)).toEqual({ n: 'x' });
    expect(taken('arguments: { n: { type: number } }\nvalidateArguments: true', { n: 'x' }, workspace)).toBe(
      'The argument /n must be number.',
    );
  });

  it('marks what is secret and what must not be kept', () => {
    const { accepts } = automationOf('arguments: { key: { secret: true }, l: { items: { properties: { p: { redact: true } } } } }\ndo: []');
    expect(accepts).toMatchObject({ secret: [['key']], redact: [['l', '*', 'p']], schema: { type: 'object' } });
  });
});

describe('the secrets of a plan', () => {
  it('are those its documents name, by the instance they stand in', () => {
    const app = { automations: [{ file: 'automations/b.yaml', text: 'do: [{ fetch: { url: "http://a", body: "$secret:TOKEN" } }]' }] };
    const text = `do:\n  - fetch: { url: "http://a", headers: { x: "{{secret.KEY}}", y: '{{secret["PIN_2"]}}', z: "{{secret.lower}}{{secrets.NONE}}" } }`;
    expect([...planOf(text, { apps: { crm: app, other: { automations: [] } } }).secrets]).toEqual([
      ['', ['KEY', 'PIN_2']],
      ['crm', ['TOKEN']],
    ]);
    expect(planOf('do: []').secrets.size).toBe(0);
  });
});
