import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { check } from '../check/check';
import { start } from '../step/step';
import type { Begin } from '../step/turn';
import type { WorkspaceSources } from '../workspace/sources';
import { plan } from './compile';
import { fillIn } from './fill';

const automation = (slug: string, text: string) => ({ file: `automations/${slug}.yaml`, text });

const begin = (slug: string, more: Partial<Begin> = {}): Begin => ({
  run: 'run_1',
  slug,
  locals: {},
  trigger: { type: 'test', value: slug },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: {},
  seed: 'seed',
  now: 0,
  ...more,
});

const outcomeOf = (sources: WorkspaceSources, slug = 'a', more: Partial<Begin> = {}) =>
  start(plan(sources), begin(slug, more)).ended as JsonMap | undefined;

describe('plan', () => {
  it('refuses documents that cannot be read, each problem with its place', () => {
    const bad = { automations: [automation('a', 'do: []\nouput: 1\n'), automation('b', 'do: 1\n')] };
    expect(() => plan(bad)).toThrow(
      expect.objectContaining({
        code: 'language.document_invalid',
        facts: { file: 'automations/a.yaml', line: 2, column: 1 },
        errors: [expect.objectContaining({ code: 'key-unknown', pointer: '/ouput' }), expect.objectContaining({ code: 'value-type' })],
      }),
    );
  });

  it('takes documents that are only wrong otherwise; they fail when they come to it', () => {
    const sources = {
      automations: [automation('a', "timeout: soon\nwhen: { schedules: ['* *'], events: ['a b'] }\ndo: []\noutput: '{% 1 + %}'\n")],
    };
    expect(outcomeOf(sources)).toMatchObject({
      error: { code: 'language.expression_syntax', line: 4, column: 17, excerpt: '{% 1 + %}\n       ^^' },
    });
  });

  it('knows automations by their full slug, with what starts them', () => {
    const planned = plan({
      workspace: { file: 'workspace.yaml', text: 'timeZone: Europe/Paris\nlocale: fr\nlimits: { runMaxInstructions: 10 }\n' },
      automations: [
        automation(
          'a',
          'name: { en: A }\nlabels: [one-two]\nprivate: true\nauthorizations: { action: score }\nwhen: { events: [x.y] }\ndo: []\n',
        ),
      ],
      apps: {
        crm: {
          app: 'customers',
          disabled: true,
          automations: [automation('b', 'when: { events: [x.y] }\ndo: []\n')],
          apps: { mail: { automations: [automation('c', 'do: []\n')] } },
        },
      },
    });
    expect([...planned.automations.keys()]).toEqual(['a', 'crm.b', 'crm.mail.c']);
    expect(planned.automations.get('a')).toMatchObject({
      name: { en: 'A' },
      labels: ['one-two'],
      private: true,
      authorization: 'score',
      disabled: false,
      admission: { order: 'event' },
    });
    expect(planned.automations.get('crm.b')).toMatchObject({
      instance: 'crm',
      app: 'customers',
      disabled: true,
      triggers: { events: [{ pattern: 'crm.x.y' }] },
    });
    expect(planned.automations.get('crm.mail.c')).toMatchObject({ parentApp: 'customers', disabled: true, admission: { order: 'none' } });
    expect([planned.timeZone, planned.locale, planned.limits.instructions]).toEqual(['Europe/Paris', 'fr', 10]);
  });

  it('lets a workspace lower the limits of the server, never raise them', () => {
    const sources = { workspace: { file: 'workspace.yaml', text: 'limits: { runMaxEffects: 5, repeatMax: 5000 }\n' }, automations: [] };
    const { limits } = plan(sources, { effects: 100, passes: 1000 });
    expect([limits.effects, limits.passes]).toEqual([5, 1000]);
  });

  it('refuses to publish what an enforced schema does not allow', () => {
    const sources = {
      events: [
        { file: 'events/order.paid.yaml', text: 'mode: enforce\nschema: { required: [n] }\n' },
        { file: 'events/order.sent.yaml', text: 'schema: { required: [n] }\n' },
      ],
      automations: [
        automation('a', 'do:\n  - emit: { event: order.paid }\n'),
        automation('b', 'do:\n  - emit: { event: order.paid, payload: { n: 1 } }\n  - emit: { event: order.sent }\n'),
      ],
    };
    expect(outcomeOf(sources)).toMatchObject({
      error: { code: 'events.schema_violated', refusal: 'invalid', details: [{ pointer: '/n', detail: 'is required' }] },
    });
    expect(outcomeOf(sources, 'b')).toEqual({ output: {} });
    expect(check(sources).map(({ code, line }) => [code, line])).toEqual([
      ['event-payload-mismatch', 2],
      ['event-payload-mismatch', 3],
    ]);
  });

  it('says of what it publishes what is declared: its version, its order, what is secret and what does not fit', () => {
    const text = 'schema: { properties: { n: { type: string } } }\nkey: order.id\nsecret: [card.pin, lines.*.price, none]\n';
    const payload = '{ n: 1, order: { id: o-1 }, card: { pin: 1, holder: Ada }, lines: [{ price: 2, of: a }, { of: b }] }';
    const sources = {
      events: [{ file: 'events/order.paid.yaml', text, version: 3 }],
      automations: [automation('a', `do:\n  - emit: { event: order.paid, payload: ${payload} }\n  - emit: { event: order.sent }\n`)],
    };
    const { effects } = start(plan(sources), begin('a'));
    const [paid, sent] = effects.map((effect) => (effect.kind === 'emit' ? effect.request : undefined));
    expect(paid).toMatchObject({
      ...{ version: 3, key: 'o-1', redacted: ['card.pin', 'lines.*.price'] },
      payload: { n: 1, order: { id: 'o-1' }, card: { holder: 'Ada' }, lines: [{ of: 'a' }, { of: 'b' }] },
      violations: [{ pointer: '/n', detail: 'must be string' }],
    });
    expect(Object.keys(sent ?? {})).toEqual(['id', 'event', 'payload', 'source']);
  });

  it('leaves a payload as it is where the schema is switched off, and one that is not there', () => {
    const emitted = (text: string, payload: string) => {
      const sources = {
        events: [{ file: 'events/order.paid.yaml', text }],
        automations: [automation('a', `do:\n  - emit: { event: order.paid, payload: ${payload} }\n`)],
      };
      const [effect] = start(plan(sources), begin('a')).effects;
      return effect?.kind === 'emit' ? effect.request : undefined;
    };
    const misfit = 'schema: { properties: { n: { type: string } } }\n';
    expect(emitted(`mode: off\n${misfit}`, '{ n: 1 }')).not.toHaveProperty('violations');
    expect(emitted('title: Paid\n', '{ n: 1 }')).not.toHaveProperty('violations');
    expect(emitted(misfit, '{ n: 1 }')).toHaveProperty('violations');
  });

  it('orders events by what is a plain value and no longer than an order may be', () => {
    const orderOf = (key: string) => {
      const sources = {
        events: [{ file: 'events/order.paid.yaml', text: 'key: order\n' }],
        automations: [automation('a', `do:\n  - emit: { event: order.paid, payload: { order: ${key} } }\n`)],
      };
      const [effect] = start(plan(sources), begin('a')).effects;
      return effect?.kind === 'emit' ? effect.request.key : undefined;
    };
    expect([orderOf('o-1'), orderOf('7'), orderOf('x'.repeat(128))]).toEqual(['o-1', '7', 'x'.repeat(128)]);
    expect(['{ id: 1 }', '""', 'x'.repeat(129), 'null'].map(orderOf)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('refuses what does not fit as a whole, and names that', () => {
    const sources = {
      events: [{ file: 'events/order.paid.yaml', text: 'mode: enforce\nschema: { minProperties: 1 }\n' }],
      automations: [automation('a', 'do:\n  - emit: { event: order.paid }\n')],
    };
    expect(outcomeOf(sources)).toMatchObject({ error: { code: 'events.schema_violated', details: [{ pointer: '' }] } });
  });

  it('keeps the configuration to its schema, and its secrets out of events', () => {
    const workspace = { file: 'workspace.yaml', text: 'config: { schema: { properties: { key: { type: string, secret: true } } } }\n' };
    const sources = {
      workspace,
      automations: [
        automation('a', "do:\n  - emit: { event: x, payload: { k: '{{config.key}}' } }\n"),
        automation('b', 'do:\n  - set: { name: config.key, value: 1 }\n'),
      ],
    };
    const { effects } = start(plan(sources), begin('a', { config: { key: 'hidden' } }));
    expect(effects).toMatchObject([{ request: { payload: { k: 'REDACTED' } } }]);
    expect(outcomeOf(sources, 'b', { config: {} })).toMatchObject({ error: { code: 'language.arguments_invalid' } });
  });

  it('knows the workspace as its automations see it', () => {
    const sources = {
      workspace: { file: 'workspace.yaml', text: 'name: Hotel\n' },
      automations: [automation('a', "do: []\noutput: ['{{$workspace.name}}', '{{$workspace.automations.a.output}}']\n")],
    };
    expect(outcomeOf(sources)).toMatchObject({ output: ['Hotel', ['{{$workspace.name}}', '{{$workspace.automations.a.output}}']] });
  });
});

describe('check of a workspace', () => {
  it('looks at workspace.yaml and at declared events', () => {
    const problems = check({
      workspace: { file: 'workspace.yaml', text: 'timeZone: Mars/Base\nnmae: x\n' },
      events: [{ file: 'events/a.b.yaml', text: 'mode: loud\n' }],
      automations: [automation('a', 'do:\n  - emit: { event: a.c }\n')],
    });
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'automations/a.yaml event-undeclared',
      'automations/a.yaml event-unheard',
      'events/a.b.yaml value-invalid',
      'workspace.yaml zone-unknown',
      'workspace.yaml key-unknown',
    ]);
  });
});

describe('fillIn', () => {
  it('fills in a template outside of a run', () => {
    expect(fillIn('{{headers.webhook-id}}/{% upper({{a}}) %}', { headers: { 'webhook-id': '7' }, a: 'b' })).toBe('7/B');
    expect(fillIn('{{nope}}', {})).toBeUndefined();
    expect(fillIn({ at: '{% date(0, "HH:mm") %}' }, {}, { timeZone: 'Europe/Paris' })).toEqual({ at: '01:00' });
    expect(fillIn('{% date(0, "MMMM") %}', {}, { locale: 'fr' })).toBe('janvier');
  });

  it('refuses what cannot be evaluated', () => {
    expect(() => fillIn('{% 1 - "a" %}', {})).toThrow(expect.objectContaining({ code: 'language.expression_type' }));
  });
});
