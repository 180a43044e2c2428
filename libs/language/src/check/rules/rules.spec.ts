import { describe, expect, it } from '@jest/globals';
import type { WorkspaceSources } from '../../workspace/sources';
import { check } from '../check';
import type { Known } from '../known';

type Files = Readonly<Record<string, string>>;

const sourcesOf = (files: Files): WorkspaceSources => ({
  automations: Object.entries(files)
    .filter(([slug]) => !slug.includes('/'))
    .map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text })),
  events: Object.entries(files)
    .filter(([file]) => file.startsWith('events/'))
    .map(([file, text]) => ({ file, text })),
});

/** The problems of automations as `code line:column`, `a:` before it when the automation has another name. */
const told = (files: Files | string, known: Known = {}, more: Partial<WorkspaceSources> = {}): readonly string[] =>
  check({ ...sourcesOf(typeof files === 'string' ? { a: files } : files), ...more }, known).map(
    ({ file, code, line, column }) => `${file === 'automations/a.yaml' ? '' : `${file} `}${code} ${line}:${column}`,
  );

const prisme = { workspace: { file: 'workspace.yaml', text: 'compat: prisme' } };

describe('calls', () => {
  const b = 'arguments: { n: { type: number, required: true }, m: { required: true, default: 1 }, s: { type: nonsense } }\ndo: []';

  it.each<[string, string, readonly string[]]>([
    ['of an automation with its arguments', '- b: { n: 1 }', []],
    ['with an argument that only a run knows', '- b: { n: "{{run.depth}}", m: { x: ["{% 1 %}"] } }', []],
    ['without a body', '- b:', ['argument-missing 2:5']],
    ['with a body that only a run knows', '- b: "{{run}}"', []],
    ['with an argument of the wrong type', '- b: { n: x }', ['argument-type 2:13']],
    ['with an argument whose schema cannot be used', '- b: { n: 1, s: x }', []],
    ['with an argument nobody declared', '- b: { n: 1, mm: x }', ['argument-unknown 2:16']],
    ['of what is not there', '- c: {}', ['automation-unknown 2:5']],
    ['of what was meant otherwise', '- bb: {}', ['automation-unknown 2:5']],
  ])('%s', (_, instruction, expected) => {
    expect(told({ a: `do:\n  ${instruction}`, b }).filter((one) => !one.startsWith('automations/b.yaml'))).toEqual(expected);
  });

  it('that lack an argument are only doubtful in Prisme.ai', () => {
    const problems = check({ ...sourcesOf({ a: 'do: [{ b: {} }]', b: 'arguments: { n: { required: true } }\ndo: []' }), ...prisme });
    expect(problems).toMatchObject([{ code: 'argument-missing', severity: 'warning' }]);
  });

  it('into apps are looked at as far as apps are known', () => {
    const text = 'do: [{ crm.sync: { n: x } }, { crm.gone: {} }, { crn.sync: {} }]';
    expect(told(text)).toEqual([]);
    const apps = { crm: { automations: { sync: { arguments: { n: { type: 'number' } } } } } };
    expect(told(text, { apps })).toEqual(['argument-type 1:23', 'automation-unknown 1:32', 'app-unknown 1:50']);
  });

  it('of what is disabled are doubtful', () => {
    expect(check(sourcesOf({ a: 'do: [{ b: {} }]', b: 'disabled: true\ndo: []' }))).toMatchObject([
      { code: 'automation-unknown', severity: 'warning', file: 'automations/a.yaml', column: 8 },
    ]);
  });

  it('into apps that are there with their sources are looked at there', () => {
    const crm = { automations: [{ file: 'automations/sync.yaml', text: 'private: true\ndo: []' }] };
    const text = 'do: [{ crm.sync: {} }, { crm.gone: {} }]';
    expect(told(text, {}, { apps: { crm } })).toEqual(['automation-private 1:8', 'automation-unknown 1:26']);
  });
});

describe('automations that call each other', () => {
  it('in a circle are told', () => {
    const files = {
      a: 'do: [{ a: {} }]',
      b: 'do: [{ c: {} }, { d: {} }]',
      c: 'do: [{ d: {} }]',
      d: 'do: [{ b: {} }, { e: {} }]',
      e: 'do: []',
    };
    const found = check(sourcesOf(files)).filter(({ code }) => code === 'call-cycle');
    expect(found.map(({ message }) => message)).toEqual([
      '`a` calls itself.',
      '`c` leads back to `b`.',
      '`d` leads back to `b`.',
      '`d` leads back to `c`.',
      '`b` leads back to `d`.',
    ]);
  });

  it('without a circle are fine', () => {
    const files = {
      a: 'do: [{ b: {} }, { c: {} }]',
      b: 'do: [{ d: {} }]',
      c: 'do: [{ d: {} }]',
      d: 'do: [{ e: {} }]',
      e: 'do: [{ e: {} }]',
    };
    const found = check(sourcesOf(files)).filter(({ code }) => code === 'call-cycle');
    expect(found.map(({ file }) => file)).toEqual(['automations/e.yaml']);
  });
});

describe('names', () => {
  it.each<[string, string, Known, readonly string[]]>([
    ['a known action', 'do: [{ action: { name: parse } }]', { actions: { parse: {} } }, []],
    ['an unknown action', 'do: [{ action: { name: prase } }]', { actions: { parse: {} } }, ['action-unknown 1:24']],
    ['an action only a run knows', 'do: [{ action: { name: "{{run.id}}" } }]', { actions: {} }, []],
    ['a method', 'do: [{ fetch: { url: "http://a", method: Patch } }]', {}, []],
    ['an unknown method', 'do: [{ fetch: { url: "http://a", method: psot } }]', {}, ['value-invalid 1:42']],
    ['a method only a run knows', 'do: [{ fetch: { url: "http://a", method: "{{run.id}}" } }]', {}, []],
    ['a host that is reached', 'do: [{ fetch: { url: "https://API.test:8443/x?{{run.id}}" } }]', { hosts: ['api.test'] }, []],
    ['a host that is not reached', 'do: [{ fetch: { url: "http://api.test/{{run.id}}" } }]', { hosts: ['b'] }, ['host-unreached 1:22']],
    ['a host only a run knows', 'do: [{ fetch: { url: "http://{{run.id}}.test/" } }, { fetch: "{{run}}" }]', { hosts: [] }, []],
    ['a host that is none', 'do: [{ fetch: { url: "http://[/" } }]', { hosts: [] }, []],
    ['a module', 'do: [{ run: { module: text, function: f } }]', {}, []],
    ['a module that comes later', 'do: [{ run: { module: secrets, function: f } }]', {}, ['not-supported 1:23']],
    ['an unknown module', 'do: [{ run: { module: nothing, function: f } }]', {}, ['module-unknown 1:23']],
    ['a module only a run knows', 'do: [{ run: { module: "{{run.id}}", function: f } }]', {}, []],
    [
      'an unknown secret',
      'do: [{ fetch: { url: "http://a", headers: { a: "{{secret.B}}" } } }]',
      { secrets: ['A'] },
      ['secret-unknown 1:49'],
    ],
    ['all secrets at once', 'do: [{ fetch: { url: "http://a", headers: "{{secret}}" } }]', { secrets: ['A'] }, []],
    ['a secret in a part of the output', 'do: []\noutput: { a: ["{{secret.A}}"] }', {}, ['secret-exposed 2:16']],
    [
      'a secret whose name only a run knows',
      'do: []\noutput: ["{{secret[{{run.id}}]}}", "{{x[{{secret.A}}]}}"]',
      {},
      ['secret-exposed 2:11', 'variable-unknown 2:37', 'secret-exposed 2:41'],
    ],
    ['a secret in a local variable', 'do: [{ set: { name: k, value: "{{secret.A}}" } }]', {}, []],
    ['a secret in a context', 'do: [{ set: { name: "user[k]", value: "{{secret.A}}" } }]', {}, ['secret-exposed 1:40']],
    ['a secret in a variable only a run knows', 'do: [{ set: { name: "a{{run.id}}", value: "{{secret.A}}" } }]', {}, []],
  ])('%s', (_, text, known, expected) => {
    expect(told(text, known).filter((one) => !one.startsWith('output-unused'))).toEqual(expected);
  });

  it.each([
    ['run.id', true],
    ['secret.A', true],
    ['$workspace.name', true],
    ['user', true],
    ['user.id.x', true],
    ['user.email', true],
    ['user.id', false],
    ['global.id.x', false],
    ['config.a', false],
    ['constructor.a', false],
    ['"a{{run.id}}"', false],
    ['"{{run.id}}"', false],
    ['"run[{{run.id}}]"', false],
    ['"secret[{{run.id}}]"', true],
    ['"$workspace.{{run.id}}"', true],
    ['"$workspace{{run.id}}"', false],
  ])('%s is read-only: %s', (name, expected) => {
    const found = told(`do: [{ set: { name: ${name}, value: 1 } }]`).some((one) => one.startsWith('context-read-only'));
    expect(found).toBe(expected);
  });

  it.each<[string, readonly string[]]>([
    ['arguments: { n: { type: numbr }, m: "text", o: ~ }\ndo: []', ['schema-invalid 1:17']],
    [
      'schemas: [{ payload: { type: a } }, { output: { enum: 1 } }, { output: true }]\ndo: []',
      ['schema-invalid 1:22', 'schema-invalid 1:47'],
    ],
    ['when: { endpoint: { request: { $ref: "#/a" } } }\ndo: []', ['schema-invalid 1:30']],
    ['do: [{ approve: { title: t, to: { users: a }, deadline: 1h, form: { type: a } } }]', ['schema-invalid 1:67']],
    ['arguments: { n: 1 }\ndo: []', ['schema-invalid 1:17']],
  ])('of schemas: %j', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('events', () => {
  it.each<[string, Files, readonly string[]]>([
    ['heard by a trigger', { a: 'do: [{ emit: { event: x.y } }]', b: 'when: { events: [{ event: x.* }] }\ndo: []' }, []],
    ['heard by a wait', { a: 'do: [{ emit: { event: x.y } }]', b: 'do: [{ wait: { oneOf: { event: x.y }, timeout: 1s } }]' }, []],
    [
      'heard by nobody',
      { a: 'do: [{ emit: { event: x.y } }]', b: 'when: { events: x.z }\ndo: [{ emit: { event: x.z } }]' },
      ['event-unheard 1:23', 'automations/b.yaml event-loop 2:8'],
    ],
    ['only a run knows', { a: 'do: [{ emit: { event: "{{run.id}}" } }]', b: 'when: { events: x.y }\ndo: []' }, []],
    ['that is no name', { a: 'do: [{ emit: { event: "a b" } }]' }, ['event-name-invalid 1:23']],
    ['of the platform', { a: 'do: [{ emit: { event: runtime.x } }]' }, ['event-reserved 1:23']],
    ['declared', { a: 'do: [{ emit: { event: x.y } }]', 'events/x.y.yaml': 'description: y' }, []],
    [
      'not declared',
      { a: 'do: [{ emit: { event: x.z } }]', 'events/x.y.yaml': 'description: y' },
      ['event-undeclared 1:23', 'event-unheard 1:23'],
    ],
    ['declared, but heard without being published', { a: 'when: { events: x.y }\ndo: []', 'events/e.yaml': 'type: x.y' }, []],
    ['never published', { a: 'when: { events: x.y }\ndo: []' }, ['event-never-emitted 1:17']],
    ['that somebody else may well publish', { a: 'when: { events: signup }\ndo: []' }, []],
  ])('%s', (_, files, expected) => {
    expect(told(files).filter((one) => !one.startsWith('events/'))).toEqual(expected);
  });

  it.each<[string, readonly string[]]>([
    ['', ['event-payload-mismatch 1:8']],
    [', payload: { n: 1 }', []],
    [', payload: { n: x }', ['event-payload-mismatch 1:42']],
    [', payload: { n: "{{run.depth}}" }', []],
    [', payload: "{{run.trigger}}"', []],
    [', payload: { n: 1, l: ["{{run.id}}", 1] }', ['event-payload-mismatch 1:63']],
    [', payload: { n: 1, l: x }', ['event-payload-mismatch 1:48']],
  ])('with a schema are compared with it: %j', (payload, expected) => {
    const schema = 'schema: { required: [n], properties: { n: { type: number }, l: { type: array, items: { type: string } } } }';
    expect(told({ a: `do: [{ emit: { event: x.y${payload} } }]`, 'events/x.y.yaml': schema })).toEqual(expected);
  });

  it('are not compared with a schema that cannot be used', () => {
    expect(told({ a: 'do: [{ emit: { event: x.y } }]', 'events/x.y.yaml': 'schema: { type: nonsense }' })).toEqual([
      'events/x.y.yaml schema-invalid 1:9',
    ]);
  });

  it('may have blanks in Prisme.ai', () => {
    expect(told({ a: 'do: [{ emit: { event: "a b" } }]' }, {}, prisme)).toEqual(['event-unheard 1:23']);
  });
});

describe('flow', () => {
  it.each<[string, string, readonly string[]]>([
    ['a break in a loop', '- repeat: { until: 2, do: [{ conditions: { "{{run.depth}} > 1": [{ break: { scope: repeat } }] } }] }', []],
    ['a break of a loop outside of it', '- break: { scope: repeat }', ['break-outside-repeat 2:21']],
    ['concurrency beside batches', '- repeat: { until: 2, concurrency: 2, batch: { size: 2 }, do: [] }', ['unreachable 2:38']],
    ['a try only a run knows', '- try: { do: [], finally: [] }', []],
    ['a sleep only a run knows', '- sleep: "{{run.trigger}}"', []],
    ['a wait with its time', '- wait: { oneOf: { event: x }, timeout: 1m }', []],
    ['a wait only a run knows', '- wait: "{{run.trigger}}"', []],
    ['what follows a break', '- break:\n  - comment: x', ['unreachable 3:5']],
    ['what follows a break with a payload only a run knows', '- break: "{{run.trigger}}"\n  - comment: x', []],
    ['what stands beside a break', '- all: [{ break: {} }, { comment: x }]', []],
    [
      'a condition that never holds',
      '- conditions: { "1 > 2": [], "\'a\' matches regex(b)": [] }',
      ['unreachable 2:19', 'unreachable 2:32'],
    ],
    ['a condition that depends on a pattern', '- conditions: { "\'a\' matches regex({{run.id}})": [] }', []],
    ['a condition that cannot be read', '- conditions: { "1 >": [] }', ['expression-syntax 2:23']],
    ['a condition that fails', '- conditions: { "1 - true": [] }', ['type-mismatch 2:20']],
  ])('%s', (_, instruction, expected) => {
    expect(told(`do:\n  ${instruction}`).filter((one) => !one.startsWith('pattern'))).toEqual(expected);
  });

  it.each([
    ['{ set: { name: user.n, value: "{{user.n}}!" } }', true],
    ['{ set: { name: user.n, value: { a: ["{{user.n}}"] } } }', true],
    ['{ set: { name: user.n, value: "{{user.m}}" } }', false],
    ['{ set: { name: user.n, value: "{{user.n}}", expect: 1 } }', false],
    ['{ set: { name: user.n, value: "{{user.n}}", type: push } }', false],
    ['{ set: { name: n, value: "{{n}}" } }', false],
    ['{ set: { name: user.n } }', false],
  ])('%s may lose an update: %s', (instruction, expected) => {
    expect(told(`do: [${instruction}]`).some((one) => one.startsWith('lost-update'))).toBe(expected);
  });
});

describe('triggers', () => {
  it.each<[string, number, boolean]>([
    ['{ every: 10s }', 10_000, false],
    ['{ every: 10s }', 10_001, true],
    ['{ every: 1s }', 1_000, false],
    ['"*/5 * * * * *"', 5_000, false],
    ['"*/5 * * * * *"', 6_000, true],
    ['"* * * * *"', 60_000, false],
    ['"0 0 * * *"', 60_000, false],
    ['"0,59 0,59 * * * *"', 60_000, true],
  ])('fire no more often than may be: %s, where %d ms is the least', (schedule, shortestSchedule, isTooOften) => {
    const problems = told(`when: { schedules: ${schedule} }\ndo: []`, { shortestSchedule });
    expect(problems).toEqual(isTooOften ? [expect.stringContaining('schedule-too-often')] : []);
  });

  it.each<[string, readonly string[]]>([
    ['schedules: "0 0 * * *"', []],
    ['schedules: "@every soon"', ['duration-invalid 1:20']],
    ['schedules: "2026-01-01T10:00"', []],
    ['schedules: { at: "2026-01-01" }', []],
    ['schedules: { at: soon }', ['cron-invalid 1:26']],
    ['schedules: { every: 1m }', []],
    ['schedules: { every: 1s }', ['schedule-too-often 1:20']],
    ['schedules: "58,3 * * * * *"', ['schedule-too-often 1:20']],
    ['schedules: "58,3 0,59 * * * *"', ['schedule-too-often 1:20']],
    ['schedules: "58,3 0,59 0,23 * * *"', ['schedule-too-often 1:20']],
    ['schedules: "58,3 0,59 5 * * *"', []],
    ['schedules: "58,3 5 * * * *"', []],
    ['schedules: "*/10 * * * * *"', []],
    ['schedules: "*/9 5 * * * *"', ['schedule-too-often 1:20']],
    ['schedules: { cron: "61 * * * *" }', ['cron-invalid 1:28']],
    ['schedules: { timeZone: UTC }', ['cron-invalid 1:20']],
    ['schedules: { cron: "0 0 * * *", timeZone: Mars/Base }', ['zone-unknown 1:51']],
    ['schedules: "0 0 30 2 *"', []],
    ['events: "{{x}}"', []],
    ['events: { event: a, filter: "1 +" }', ['expression-syntax 1:41']],
    ['events: [{ event: a, filter: "1 +" }]', ['expression-syntax 1:42']],
    ['events: "a b"', ['pattern-invalid 1:17']],
    ['events: { event: "a b" }', ['pattern-invalid 1:26']],
    ['endpoint: "orders/:id"', []],
    ['endpoint: "orders/:id/:id"', ['endpoint-path-invalid 1:19']],
    ['endpoint: "files/*"', []],
    ['endpoint: "files/*/x"', ['endpoint-path-invalid 1:19']],
    ['endpoint: { path: "a//b" }', ['endpoint-path-invalid 1:27']],
    ['endpoint: { methods: get }', []],
    ['endpoint: false', []],
    ['endpoint: { access: public, verify: { preset: github, secret: s } }', []],
  ])('%s', (trigger, expected) => {
    expect(told(`when: { ${trigger} }\ndo: []`)).toEqual(expected);
  });

  it('of waits are looked at, too', () => {
    expect(told('do: [{ wait: { oneOf: { event: a, filter: "{{x.y" }, timeout: 1s } }]')).toEqual(['reference-syntax 1:44']);
    expect(told('do: [{ wait: { oneOf: [{ event: "a b" }, { event: "{{run.id}}" }, { event: a }], timeout: 1s } }]')).toEqual([
      'pattern-invalid 1:33',
    ]);
  });

  it('open an endpoint to all in Prisme.ai', () => {
    expect(told('when: { endpoint: true }\ndo: []', {}, prisme)).toEqual(['endpoint-public 1:19']);
  });

  it('in a workspace of an unknown zone are told where it is written', () => {
    const workspace = { file: 'workspace.yaml', text: 'timeZone: Mars/Base' };
    expect(told('do: []', {}, { workspace }).filter((one) => !one.includes('zone-unknown'))).toEqual([]);
  });
});

describe('variables', () => {
  it.each<[string, string, readonly string[]]>([
    ['that are written', 'do: [{ set: { name: x.y, value: 1 } }]\noutput: "{{x.z}}"', []],
    ['that a loop lays over', 'do: [{ repeat: { until: 2, do: [] } }]\noutput: ["{{item}}", "{{$index}}"]', []],
    ['that a catch sees', 'do: [{ try: { do: [], catch: [] } }]\noutput: "{{$error.code}}"', []],
    ['of a batch', 'batch: { size: 2, within: 1s }\ndo: []\noutput: "{{events}}"', []],
    ['of sources', 'when: { sources: [{ action: x }] }\ndo: []\noutput: "{{payload}}"', []],
    ['that nothing defines', 'do: []\noutput: "{{x.y}} {{run[{{w}}]}}"', ['variable-unknown 2:10', 'variable-unknown 2:24']],
    [
      'whose key only a run knows',
      'do: []\noutput: ["{{z[{{run.id}}]}}", "{{z.{{run.id}}}}"]',
      ['variable-unknown 2:11', 'variable-unknown 2:32', 'reference-indirect 2:32'],
    ],
    [
      'that are written below a key only a run knows',
      'do: [{ set: { name: "z[{{run.id}}]", value: 1 } }]\noutput: "{{z}} {{y}}"',
      ['variable-unknown 2:16'],
    ],
    ['whose name only a run knows', 'do: []\noutput: "{{z{{run.id}}}}"', ['reference-indirect 2:10']],
    ['whose result is read by a key only a run knows', 'do: [{ emit: { event: x, output: r } }]\noutput: "{{r[{{run.id}}]}}"', []],
    ['when what is written only a run knows', 'do: [{ set: { name: "{{run.id}}", value: 1 } }]\noutput: "{{x}}"', []],
    [
      'that a filter does not see',
      'arguments: { x: {} }\nwhen: { events: [{ event: a, filter: "{{x}} > {{payload.n}}" }] }\ndo: []',
      ['variable-unknown 2:39'],
    ],
    [
      'that are read in words',
      'arguments: { x: {} }\ndo: []\noutput: "{% isArray(x) and x in [global] %}"',
      ['word-is-variable 3:28', 'word-is-variable 3:34'],
    ],
    [
      'whose result nobody reads',
      'do: [{ emit: { event: x, output: r.a } }]\noutput: "{{s}}"',
      ['output-unused 1:34', 'variable-unknown 2:10'],
    ],
    ['whose result goes to a context', 'do: [{ emit: { event: x, output: run.a } }]', []],
    ['whose result goes where only a run knows', 'do: [{ emit: { event: x, output: "{{run.id}}" } }]', []],
  ])('%s', (_, text, expected) => {
    const others = ['event-unheard', 'event-never'];
    expect(told(text).filter((one) => !others.some((other) => one.startsWith(other)))).toEqual(expected);
  });

  it('are any when a caller passes what only a run knows', () => {
    expect(told({ a: 'do: []\noutput: "{{x}}"', b: 'do: [{ a: "{{run.trigger}}" }]' })).toEqual([]);
  });

  it.each([
    ['[{ set: { name: x, value: 1 } }, [{ set: { name: x, value: 2 } }]]', true],
    ['{ do: [{ set: { name: x, value: 1 } }, { set: { name: x, value: 2 } }] }', true],
    ['[{ emit: { event: e, output: x } }, { set: { name: x, value: 2 } }]', true],
    ['[{ set: { name: x, type: push } }, { set: { name: x, type: push } }]', false],
    ['[{ set: { name: x.a, value: 1 } }, { set: { name: x.b, value: 2 } }]', false],
    ['[{ delete: { name: x } }, { set: { name: x, value: 2 } }]', false],
  ])('of branches %s conflict: %s', (branches, expected) => {
    expect(told(`do: [{ all: ${branches} }]\noutput: "{{x}}"`).some((one) => one.startsWith('all-write-conflict'))).toBe(expected);
  });
});

describe('expressions', () => {
  it.each([
    ['1 - a', true],
    ['"3" * 2', false],
    ['-1 % [1]', true],
    ['{{run.depth}} / {a: 1}', true],
    ['null < {{run.depth}}', true],
    ['[] >= 1', true],
    ['"a" < 1', true],
    ['1 > "2"', false],
    ['"a" < "b"', false],
    ['"a" == 1', true],
    ['[1] == 1', true],
    ['null == {{run.ip}}', false],
    ['null != [1]', true],
    ['{a: 1} == [1]', false],
    ['1 + a', false],
    ['now() - 1', false],
  ])('%s cannot work: %s', (source, expected) => {
    expect(told(`do: []\noutput: '{% ${source} %}'`).some((one) => one.startsWith('type-mismatch'))).toBe(expected);
  });

  it('that are nearly too long are told', () => {
    const long = Array.from({ length: 900 }, () => '1').join(' + ');
    expect(told(`do: [{ conditions: { "${long} > {{run.depth}}": [] } }]`)).toEqual(['limit-near 1:22']);
  });

  it.each<[string, readonly string[]]>([
    ['{% [1, {a: frist()}] %}', ['function-unknown 2:21']],
    [
      '{% (nope1() ? nope2() : nope3())[nope4()] %}',
      ['function-unknown 2:14', 'function-unknown 2:24', 'function-unknown 2:34', 'function-unknown 2:43'],
    ],
    ['{% not nope1() and -nope2() exists %}', ['function-unknown 2:17', 'function-unknown 2:30']],
    ['{% nope1() matches nope2() %}', ['function-unknown 2:13', 'function-unknown 2:29']],
    ['{% nope1() matches regex(a) %}', ['function-unknown 2:13']],
    ['{% date(0).zebra %}', ['function-unknown 2:13']],
    ['{% trim("a").zebra %}', []],
    ['{% "a" matches regex([) %}', ['regex-invalid 2:25']],
    ['{{a b(}}', ['reference-syntax 2:15']],
  ])('with mistakes anywhere: %s', (text, expected) => {
    expect(told(`do: []\noutput: "${text.replaceAll('"', "'")}"`)).toEqual(expected);
  });
});

describe('differences from Prisme.ai', () => {
  it.each([
    ['output: "{% {{run.a}} == [1] %}"', 4],
    ['output: "{% {{run.a}} <= null %}"', 5],
    ['output: "{% \'\' < 5 %}"', 5],
    ['output: "{% {{run.a}} matches regex(a{{run.id}}) %}"', 7],
    ["output: \"{% replace('a', 'a', '$1') %}\"", 11],
  ])('%s is told: row %d', (output, row) => {
    const found = check({ ...sourcesOf({ a: `do: []\n${output}` }), ...prisme }).filter(({ code }) => code === 'compat-difference');
    expect(found).toMatchObject([{ severity: 'hint', message: expect.stringContaining(`(Difference ${row} from Prisme.ai.)`) }]);
  });

  it.each([
    ['wait: { oneOf: { event: x }, timeout: 1s }', 18],
    ['all: [{ comment: a }]', 19],
    ['repeat: { on: "{{run.a}}", until: 0, do: [] }', 20],
    ['repeat: { until: 2, do: [{ repeat: { until: 2, do: [] } }] }', 20],
    ['fetch: { url: "http://a" }', 21],
    ['set: { name: user.x, value: "{% {{run.a}} in \'a, b\' %}" }', 8],
  ])('%s is told: row %d', (instruction, row) => {
    const found = check({ ...sourcesOf({ a: `do: [{ ${instruction} }]` }), ...prisme }).filter(({ code }) => code === 'compat-difference');
    expect(found).toMatchObject([{ message: expect.stringContaining(`(Difference ${row} from Prisme.ai.)`) }]);
  });

  it.each([
    'output: "{% {{run.a}} == 1 and {{run.b}} < 5 %}"',
    'output: "{% {{run.a}} != 1 or {{run.b}} and true %}"',
    "output: \"{% replace('a', 'a', 'b') + date(0, 'YYYY') %}\"",
    'output: "{% {{run.a}} matches regex(a) %}"',
  ])('%s means the same, or is restored', (output) => {
    expect(told(`do: []\n${output}`, {}, prisme).filter((one) => one.startsWith('compat-difference'))).toEqual([]);
  });
});
