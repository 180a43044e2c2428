import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import type { WorkspaceSources } from '../../workspace/sources';
import { check } from '../check';
import type { Known } from '../known';

/** What is told of one automation, and of files beside it: `code line:column`. */
const told = (text: string, known: Known = {}, more: Partial<WorkspaceSources> = {}): readonly string[] =>
  check({ automations: [{ file: 'automations/a.yaml', text }], ...more }, known).map(
    ({ file, code, line, column }) => `${file === 'automations/a.yaml' ? '' : `${file} `}${code} ${line}:${column}`,
  );

const action = (inputs: string): string => `do: [{ action: { name: parse${inputs} } }]`;

describe('the inputs of an action', () => {
  const inputs: JsonMap = {
    type: 'object',
    required: ['cv'],
    additionalProperties: false,
    properties: { cv: { type: 'string' }, pages: { items: { type: 'integer' } }, mode: { enum: ['fast', 'good'] }, 'a/b': { maximum: 3 } },
  };

  it.each<[string, readonly string[]]>([
    [', inputs: { cv: x, pages: [1], mode: fast, a/b: 3 }', []],
    [', inputs: { cv: "{{run.id}}", pages: ["{{run.depth}}"], mode: "{{run.ip}}" }', []],
    [', inputs: "{{run.trigger}}"', []],
    ['', ['argument-missing 1:8']],
    [', inputs: { mode: good }', ['argument-missing 1:39']],
    [', inputs: { cv: 1 }', ['argument-type 1:45']],
    [', inputs: { cv: x, pages: [1, x] }', ['argument-type 1:59']],
    [', inputs: { cv: x, a/b: 4 }', ['argument-type 1:53']],
    [', inputs: { cv: x, page: 1 }', ['argument-type 1:54']],
  ])('%s are compared with its manifest', (written, expected) => {
    expect(told(action(written), { actions: { parse: { inputs } } })).toEqual(expected);
  });

  it('may be any when the manifest says nothing of them', () => {
    expect(told(`${action(', inputs: { a: 1 }')}\noutput: { action: parse }`, { actions: { parse: {} } })).toEqual([]);
    expect(told('do: [{ comment: x }]', { actions: {} })).toEqual([]);
  });

  it('are not looked at in an app of which no action is told', () => {
    expect(told('do: [{ action: { name: crm/import } }]', { actions: { parse: {} } })).toEqual([]);
    expect(told('do: [{ action: { name: crm/imprt } }]', { actions: { 'crm/import': {} } })).toEqual(['action-unknown 1:24']);
  });
});

describe('a payload whose shape depends on values', () => {
  const events = [{ file: 'events/x.yaml', text: 'schema: { anyOf: [{ properties: { n: { type: number } } }, { required: [m] }] }' }];

  it.each<[string, readonly string[]]>([
    ['{ n: 1 }', []],
    ['{ n: a }', ['event-payload-mismatch 1:35']],
    ['{ n: "{{run.id}}" }', []],
    ['{ n: a, l: ["{{run.id}}"] }', []],
  ])('such as %s is left to the run', (payload, expected) => {
    expect(told(`do: [{ emit: { event: x, payload: ${payload} } }]`, {}, { events })).toEqual(expected);
  });
});

describe('what a fetch publishes chunk by chunk', () => {
  const fetch = (event: string): string => `do: [{ fetch: { url: "http://a", stream: { event: ${event} } } }]`;

  it('is an event like any other', () => {
    expect(told(fetch('"a b"'))).toEqual(['event-name-invalid 1:51']);
    expect(told(fetch('runtime.x'))).toEqual(['event-reserved 1:51']);
    expect(told(fetch('x.y'))).toEqual(['event-unheard 1:51']);
    expect(told(`when: { events: x.y }\n${fetch('x.y')}`)).toEqual(['event-loop 2:8']);
  });

  it('is not compared with a schema, since the chunks are known only in a run', () => {
    expect(told(fetch('x'), {}, { events: [{ file: 'events/x.yaml', text: 'schema: { required: [n] }' }] })).toEqual([]);
  });
});

describe('secrets', () => {
  it.each<[string, readonly string[]]>([
    ['{ fetch: { url: "http://a", stream: { event: "{{run.id}}", payload: { k: "{{secret.A}}" } } } }', ['secret-exposed 1:80']],
    ['{ break: { payload: ["{{secret.A}}"] } }', ['secret-exposed 1:28']],
    ['{ fetch: { url: "http://a", body: ["{{secret.A}}"] } }', []],
    ['{ fetch: { url: "http://a", body: ["$secret:A", "x $secret:B", 1] } }', ['secret-unknown 1:57']],
    ['{ comment: "$secret:B" }', []],
    ['{ set: { value: "{{secret.A}}" } }', ['key-missing 1:15']],
  ])('in %s', (instruction, expected) => {
    expect(told(`do: [${instruction}]`, { secrets: ['A'] })).toEqual(expected);
  });

  it('that are named in a text are not looked at when none is known', () => {
    expect(told('do: [{ fetch: { url: "http://a", body: "$secret:B" } }]')).toEqual([]);
  });
});

describe('the patterns of a comparison', () => {
  it.each<[string, readonly string[]]>([
    ["{{run.ip}} matches '('", ['regex-invalid 2:32']],
    ["{{run.ip}} matches ['a', '(']", ['regex-invalid 2:38']],
    ["{{run.ip}} matches ['a+', b, {{run.id}}]", []],
    ['{{run.ip}} matches regex(a{{run.id}})', []],
  ])('%s are read', (source, expected) => {
    expect(told(`do: []\noutput: "{% ${source} %}"`)).toEqual(expected);
  });
});

describe('documents beside the automations', () => {
  it.each<[string, Partial<WorkspaceSources>, readonly string[]]>([
    [
      'a schema of the configuration',
      { workspace: { file: 'workspace.yaml', text: 'config: { schema: { type: a } }' } },
      ['workspace.yaml schema-invalid 1:19'],
    ],
    ['a schema of an event', { events: [{ file: 'events/x.yaml', text: 'schema: { type: a }' }] }, ['events/x.yaml schema-invalid 1:9']],
    ['the name of an event', { events: [{ file: 'events/a b.yaml', text: 'title: x' }] }, ['events/a b.yaml event-name-invalid 1:1']],
    ['a name of the platform', { events: [{ file: 'events/x.yaml', text: 'type: runtime.x' }] }, ['events/x.yaml event-reserved 1:7']],
    ['an event that is no YAML', { events: [{ file: 'events/x.yaml', text: '' }] }, ['events/x.yaml yaml-syntax 1:1']],
    ['installed apps', { installed: { file: 'apps.yaml', text: 'crm: { version: 1 }' } }, ['apps.yaml key-missing 1:8']],
    ['apps that are no YAML', { installed: { file: 'apps.yaml', text: '' } }, ['apps.yaml yaml-syntax 1:1']],
  ])('are looked at: %s', (_, more, expected) => {
    expect(told('do: []', {}, more)).toEqual(expected);
  });
});

describe('events of installed apps', () => {
  it('come from there', () => {
    const text = 'when: { events: [crm.contacts.synced, crn.contacts.synced] }\ndo: []';
    expect(told(text, { apps: { crm: { automations: {} } } })).toEqual(['event-never-emitted 1:39']);
  });

  it('are listened to without knowing what the app can do', () => {
    expect(told('do: [{ crm.sync: {} }, { crn.sync: {} }]', { apps: { crm: {} } })).toEqual(['app-unknown 1:26']);
  });
});
