import { describe, expect, it } from '@jest/globals';
import type { Json, JsonMap } from '@millrace/kernel';
import { plan } from '../../plan/compile';
import type { Plan } from '../../plan/plan';
import type { WorkspaceSources } from '../../workspace/sources';
import type { Effect, WriteRequest } from '../effects';
import { withoutSecrets } from './scrub';
import { start, step } from '../step';
import type { Secrets } from './scrub';
import type { Begin, Turn } from '../turn';
import { applyWrite } from './views';

const planOf = (body: string, more: Partial<WorkspaceSources> = {}): Plan =>
  plan({ automations: [{ file: 'automations/a.yaml', text: body }], ...more });

const begin = (more: Partial<Begin> = {}): Begin => ({
  run: 'run_1',
  slug: 'a',
  locals: {},
  trigger: { type: 'test', value: 'a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: 0,
  ...more,
});

/** Takes a run on until its end; contexts are answered from `contexts` by name and owner, all else with null. */
function play(
  p: Plan,
  from: Begin,
  contexts: JsonMap = {},
  secrets: Secrets = {},
): { readonly effects: readonly Effect[]; readonly last: Turn } {
  let last = start(p, from, secrets);
  const effects = [...last.effects];
  for (let next = effects.filter(({ blocks }) => blocks); last.ended === undefined && next.length > 0;) {
    const outcomes = next.map((effect) => ({ effect: effect.id, at: 1, value: answer(effect, contexts) }));
    last = step(p, JSON.parse(JSON.stringify(last.state)) as Json, outcomes, secrets);
    effects.push(...last.effects);
    next = last.effects.filter(({ blocks }) => blocks);
  }
  return { effects, last };
}

function answer(effect: Effect, contexts: JsonMap): Json {
  if (effect.kind !== 'load') return null;
  const { context, owner } = effect.request;
  return { revision: 1, value: contexts[owner === '' ? context : `${context}/${owner}`] ?? {} };
}

const outputOf = (...given: Parameters<typeof play>): Json | undefined => {
  const { ended } = play(...given).last;
  return ended !== undefined && 'output' in ended ? ended.output : (JSON.parse(JSON.stringify(ended ?? null)) as Json);
};

const asked = (p: Plan, from: Begin, kind: Effect['kind']): readonly unknown[] =>
  play(p, from)
    .effects.filter((effect) => effect.kind === kind)
    .map(({ request }) => request);

describe('the read-only keys of contexts', () => {
  it('of run tell where the run comes from', () => {
    const from = begin({
      identity: { userId: 'usr_1', socketId: 'soc_1', ip: '10.0.0.1' },
      depth: 3,
      prefilled: { run: { version: 'v7' } },
    });
    expect(outputOf(planOf('do: []\noutput: "{{run}}"'), from)).toEqual({
      id: 'run_1',
      depth: 3,
      correlationId: 'cor_1',
      socketId: 'soc_1',
      ip: '10.0.0.1',
      date: '1970-01-01T00:00:00.001Z',
      trigger: { type: 'test', value: 'a' },
      automationSlug: 'a',
      sourceWorkspaceId: 'ws_1',
      version: 'v7',
    });
  });

  it.each<[string, Json]>([
    ['{{socket}}', {}],
    ['{{run.ip}}', null],
    ['{{run.socketId}}', null],
    ['{{run.automationSlug}}', 'a'],
    ['{{run.version}}', 'v7'],
    ['{{global.workspaceId}}', 'ws_1'],
    ['{{global.apiUrl}}', 'https://example.com'],
    ['{{user.id}}', 'usr_1'],
    ['{{user.email}}', 'ada@example.com'],
    ['{{session.id}}', 'ses_1'],
    ['{{run.constructor}}', null],
  ])('%s is %j', (output, expected) => {
    const prefilled = {
      run: { version: 'v7' },
      global: { apiUrl: 'https://example.com' },
      user: { id: 'usr_1', email: 'ada@example.com' },
    };
    expect(outputOf(planOf(`do: []\noutput: "${output}"`), begin({ prefilled }))).toEqual(expected);
  });

  it('of run inside an app tell which', () => {
    const mail = { app: 'Mail', automations: [{ file: 'automations/send.yaml', text: 'do: []\noutput: "{{run}}"' }] };
    const crm = { app: 'Crm', automations: [], apps: { mail } };
    const output = outputOf(planOf('do: []', { apps: { crm } }), begin({ slug: 'crm.mail.send' }));
    expect(output).toMatchObject({
      automationSlug: 'send',
      appInstanceSlug: 'mail',
      appInstanceFullSlug: 'crm.mail',
      appSlug: 'Mail',
      parentAppSlug: 'Crm',
    });
  });

  it.each(['run.id', 'global.workspaceId', 'user.email', 'global', '$workspace.name', 'secret.X'])('%s cannot be written', (name) => {
    const p = planOf(`do: [{ set: { name: ${name}, value: 1 } }]`);
    expect(play(p, begin({ prefilled: { user: { email: 'x' } } })).last.ended).toMatchObject({ error: { code: 'language.read_only' } });
  });
});

describe('whose a context is', () => {
  it('follows from the begin, else it lives with the correlation', () => {
    const p = planOf(
      'do: [{ set: { name: user.a, value: 1 } }, { set: { name: session.a, value: 1 } }, { set: { name: socket.a, value: 1 } }]',
    );
    const owners = (from: Begin) => asked(p, from, 'write').map((request) => (request as WriteRequest).owner);
    expect(owners(begin({ identity: { userId: 'usr_1', sessionId: 'ses_1', socketId: 'soc_1' } }))).toEqual(['usr_1', 'ses_1', 'soc_1']);
    expect(owners(begin({ identity: {} }))).toEqual(['correlation:cor_1', 'correlation:cor_1', 'correlation:cor_1']);
  });

  it.each<[string, Begin['identity'], Json]>([
    ['user.id', {}, ['new', 'new']],
    ['session.id', {}, ['new', 'new']],
    ['user.id', { sessionId: 'ses_1' }, ['new', 'ses_1']],
    ['session.id', { userId: 'usr_1' }, ['usr_1', 'new']],
  ])('changes when %s is set, from %j', (name, identity, expected) => {
    const p = planOf(`do: [{ set: { name: ${name}, value: new } }]\noutput: ["{{user.id}}", "{{session.id}}"]`);
    expect(outputOf(p, begin({ identity }))).toEqual(expected);
  });

  it('takes what was known of the user along no longer', () => {
    const p = planOf('do: [{ set: { name: user.id, value: new } }]\noutput: ["{{user.email}}", "{{user.note}}"]');
    const prefilled = { user: { id: 'usr_1', email: 'ada@example.com' } };
    expect(outputOf(p, begin({ prefilled }), { 'user/new': { note: 'theirs' } })).toEqual([null, 'theirs']);
  });

  it('accompanies the events that are emitted afterwards', () => {
    const p = planOf('do: [{ set: { name: session.id, value: 7 } }, { emit: { event: x } }]');
    expect(asked(p, begin(), 'emit')).toMatchObject([{ source: { userId: 'usr_1', sessionId: '7' } }]);
  });

  it.each([
    '{ set: { name: user.id, value: [1] } }',
    '{ set: { name: session.id, value: a, type: push } }',
    '{ delete: { name: user.id } }',
  ])('is no matter of %s', (instruction) => {
    expect(play(planOf(`do: [${instruction}]`), begin()).last.ended).toMatchObject({ error: { code: 'language.type' } });
  });
});

describe('reading a context', () => {
  it('loads it once, also for branches that ask at the same time', () => {
    const p = planOf(
      'do: [{ all: [{ set: { name: a, value: "{{global.x}}" } }, { set: { name: b, value: "{{global.y}}" } }] }]\noutput: ["{{a}}", "{{b}}"]',
    );
    const { effects, last } = play(p, begin(), { global: { x: 1, y: 2 } });
    expect([effects.map(({ kind }) => kind), last.ended]).toEqual([['load'], { output: [1, 2] }]);
  });

  it('loads it again after a step during which others may have written', () => {
    const p = planOf('do: [{ set: { name: a, value: "{{global.x}}" } }, { fetch: { url: "http://a" } }]\noutput: "{{global.x}}"');
    expect(play(p, begin()).effects.map(({ kind }) => kind)).toEqual(['load', 'fetch', 'load']);
  });

  it('sees what the run itself wrote', () => {
    const p = planOf(
      'do: [{ set: { name: global.l, value: 1, type: push } }, { set: { name: "global.m.n", value: 2 } }]\noutput: "{{global}}"',
    );
    expect(outputOf(p, begin(), { global: { l: [0] } })).toEqual({ l: [0, 1], m: { n: 2 }, workspaceId: 'ws_1' });
  });

  it('that answers nothing useful is an empty context', () => {
    const p = planOf('do: []\noutput: "{{global.x}}"');
    const { state } = start(p, begin());
    expect(step(p, state, [{ effect: ':global~1', at: 1, value: null }]).ended).toEqual({ output: null });
    expect(step(p, state, [{ effect: ':global~1', at: 1, value: { value: [1] } }]).ended).toEqual({ output: null });
  });

  it('that fails is an error at the instruction, and may be tried again', () => {
    const p = planOf('do:\n  - try: { do: [{ set: { name: a, value: "{{global.x}}" } }], catch: [] }\noutput: "{{global.x}}"');
    const { state, effects } = start(p, begin());
    const second = step(p, state, [{ effect: effects[0]?.id ?? '', at: 1, error: { code: 'runtime.busy' } }]);
    expect(second.effects.map(({ kind }) => kind)).toEqual(['load']);
    expect(second.effects[0]?.id).not.toBe(effects[0]?.id);
  });

  it('by a load whose answer comes twice is fine', () => {
    const p = planOf('do: [{ set: { name: a, value: "{{global.x}}" } }, { sleep: { for: 1h } }]\noutput: "{{a}}"');
    const { state, effects } = start(p, begin());
    const answered = { effect: effects[0]?.id ?? '', at: 1, value: { revision: 1, value: { x: 1 } } };
    const slept = step(p, state, [answered, answered]);
    expect(step(p, slept.state, [{ effect: '1', at: 2 }]).ended).toEqual({ output: 1 });
  });

  it('has the configuration that came with the begin', () => {
    expect(outputOf(planOf('do: []\noutput: "{{config.a}}"'), begin({ config: { a: 1 } }))).toBe(1);
  });
});

describe('writing a context', () => {
  it.each<[string, object]>([
    ['{ set: { name: global.a, value: 1 } }', { op: 'replace', path: ['a'], value: 1 }],
    ['{ set: { name: global.a } }', { op: 'delete', path: ['a'] }],
    ['{ delete: { name: global.a } }', { op: 'delete', path: ['a'] }],
    ['{ set: { name: global.a, value: 1, ttl: 1m } }', { op: 'replace', value: 1, ttl: 60_000 }],
    ['{ set: { name: global.a, value: 1, expect: ~ } }', { op: 'replace', value: 1, expect: { value: null } }],
    ['{ set: { name: "global.l[]", value: 1 } }', { op: 'push', path: ['l'], value: 1 }],
    ['{ set: { name: global.n, type: increment } }', { op: 'increment', path: ['n'] }],
  ])('%s asks for a change', (instruction, request) => {
    expect(asked(planOf(`do: [${instruction}]`), begin(), 'write')).toMatchObject([{ context: 'global', owner: '', ...request }]);
  });

  it('gives the new value to who asks for it', () => {
    const p = planOf('do: [{ set: { name: global.n, type: increment, output: n } }]\noutput: "{{n}}"');
    const { state } = start(p, begin());
    const loaded = step(p, state, [{ effect: '0:global~1', at: 1, value: { revision: 1, value: { n: 4 } } }]);
    expect(step(p, loaded.state, [{ effect: '0:write', at: 2, value: { revision: 2, value: 9 } }]).ended).toEqual({ output: 9 });
    expect(step(p, loaded.state, [{ effect: '0:write', at: 2, value: null }]).ended).toEqual({ output: null });
  });

  it('is measured before it is asked for', () => {
    const p = planOf('do: [{ set: { name: user.a.b, value: "{{t}}" } }]');
    const { effects, last } = play(p, begin({ locals: { t: 'x'.repeat(200_000) } }));
    expect(effects.map(({ kind }) => kind)).toEqual(['load']);
    expect(last.ended).toMatchObject({ error: { code: 'runtime.context_too_large', message: expect.stringContaining('128 KiB') } });
  });

  it('may go to and fro as long as the context stays small', () => {
    const p = planOf('do: [{ repeat: { until: 5, do: [{ set: { name: user.a.b, value: "{{t}}" } }] } }]\noutput: done');
    expect(outputOf(p, begin({ locals: { t: 'x'.repeat(60_000) } }))).toBe('done');
  });
});

describe('applyWrite', () => {
  const request = (more: Partial<WriteRequest>): WriteRequest => ({
    context: 'global',
    instance: '',
    owner: '',
    path: ['l', 0],
    op: 'replace',
    ...more,
  });

  it('applies a write as the run did', () => {
    expect(applyWrite({ l: [1] }, request({ value: 2 }))).toEqual({ value: { l: [2] }, result: 2 });
    expect(applyWrite({ l: [1] }, request({ op: 'delete' }))).toEqual({ value: { l: [] }, result: null });
  });

  it('refuses a value that is not the expected one', () => {
    expect(applyWrite({ l: [1] }, request({ value: 2, expect: { value: 1 } })).result).toBe(2);
    expect(applyWrite({}, request({ path: ['x'], value: 2, expect: { value: null } })).result).toBe(2);
    expect(() => applyWrite({ l: [1] }, request({ value: 2, expect: { value: '1' } }))).toThrow(
      expect.objectContaining({ code: 'runtime.context_conflict', message: expect.stringContaining('`global.l[0]`') }),
    );
  });
});

describe('secrets', () => {
  const secrets = { '': { KEY: 'geheim1', PIN: '123' }, crm: { KEY: 'andere' } };

  it('are read where they belong, and do not leave the run in events or errors', () => {
    const p = planOf(
      'do:\n  - fetch: { url: "http://a", headers: { X: "{{secret.KEY}}", Y: "$secret:KEY" } }\n  - emit: { event: e, payload: { t: "a geheim1 b", l: [geheim1, 1], k: [1], "geheim1": 123, m: { o: 1 } } }\n  - emit: { event: e, payload: { x: 1 } }',
    );
    const { effects } = play(p, begin(), {}, secrets);
    expect(effects.map(({ request }) => request)).toMatchObject([
      { headers: { x: 'geheim1', y: 'geheim1' } },
      { payload: { t: 'a REDACTED b', l: ['REDACTED', 1], REDACTED: 123, m: { o: 1 } } },
      { payload: { x: 1 } },
    ]);
  });

  it('that were read are kept from others by the state alone, and are nothing as a whole', () => {
    const p = planOf('do: [{ set: { name: k, value: "{{secret.KEY}}" } }, { set: { name: all, value: "{{secret}}" } }]\noutput: "{{all}}"');
    const { last } = play(p, begin(), {}, secrets);
    expect(last.ended).toEqual({ output: {} });
    expect(withoutSecrets(['geheim1', '1234', 'andere'], last.state)).toEqual(['REDACTED', '1234', 'andere']);
  });

  it('of another instance are not there', () => {
    const crm = {
      automations: [
        { file: 'automations/b.yaml', text: 'do: [{ fetch: { url: "http://a", headers: { X: "{{secret.KEY}}", P: "{{secret.PIN}}" } } }]' },
      ],
    };
    const p = planOf('do: []', { apps: { crm, other: crm } });
    const headers = (slug: string) => play(p, begin({ slug }), {}, secrets).effects.map(({ request }) => (request as JsonMap)['headers']);
    expect([headers('crm.b'), headers('other.b')]).toEqual([[{ x: 'andere' }], [{}]]);
  });

  it('among arguments and tokens are kept from others, too', () => {
    const p = planOf(
      'arguments: { k: { type: string, secret: true } }\ndo: [{ auth: { output: t } }, { emit: { event: e, payload: { v: "{{k}} {{t.jwt}}" } } }]',
    );
    const first = start(p, begin({ locals: { k: 'mein-kennwort' } }));
    const second = step(p, first.state, [{ effect: '0', at: 1, value: { jwt: 'token.token' } }]);
    expect(second.effects).toMatchObject([{ request: { payload: { v: 'REDACTED REDACTED' } } }]);
    const told = ['mein-kennwort', 'token.token', 'geheim1', '1234', 'andere', 'public'];
    expect(withoutSecrets(told, second.state, secrets)).toEqual(['REDACTED', 'REDACTED', 'REDACTED', '1234', 'REDACTED', 'public']);
    expect(withoutSecrets(told, null)).toEqual(told);
  });

  it('of a configuration are kept from others as long as the run lasts', () => {
    const workspace = { file: 'workspace.yaml', text: 'config: { schema: { properties: { key: { type: string, secret: true } } } }' };
    const told = '{ emit: { event: e, payload: { v: "{{k}}" } } }';
    const p = planOf(`do: [{ set: { name: k, value: "{{config.key}}" } }, { sleep: { for: 1s } }, ${told}]`, { workspace });
    const payloads = (from: Begin): readonly unknown[] =>
      play(p, from, { config: { key: 'geheim1' } })
        .effects.filter(({ kind }) => kind === 'emit')
        .map(({ request }) => (request as JsonMap)['payload']);
    expect([payloads(begin()), payloads(begin({ config: { key: 'geheim1' } }))]).toEqual([[{ v: 'REDACTED' }], [{ v: 'REDACTED' }]]);
  });

  it('that an answer without a token does not hold are no concern', () => {
    const p = planOf('do: [{ auth: { output: t } }]\noutput: "{{t}}"');
    const { state } = start(p, begin());
    expect(step(p, state, [{ effect: '0', at: 1, value: 'x' }]).ended).toEqual({ output: 'x' });
    expect(step(p, state, [{ effect: '0', at: 1, value: { jwt: 1 } }]).ended).toEqual({ output: { jwt: 1 } });
  });

  it('among the configuration are kept from others', () => {
    const workspace = { file: 'workspace.yaml', text: 'config: { schema: { properties: { key: { type: string, secret: true } } } }' };
    const p = planOf('do: [{ emit: { event: e, payload: { v: "{{config.key}}" } } }]', { workspace });
    expect(play(p, begin({ config: { key: 'geheim2' } })).effects).toMatchObject([{ request: { payload: { v: 'REDACTED' } } }]);
  });
});
