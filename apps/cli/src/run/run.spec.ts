import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { typed } from '../../testing/typed';

const GREET = `name: Greet
do:
  - set: { name: who, value: '{% {{body.name}} ?? "world" %}' }
  - emit: { event: hello.said, payload: { name: '{{who}}' } }
output: { message: 'Hello, {{who}}!' }
`;
const ASK = `slug: ask-around
do:
  - fetch: { url: 'https://{{config.host}}/a', output: answer }
  - wait: { oneOf: [{ event: answered }], timeout: 1h, output: event }
output: '{{answer}} {{event.payload.text}}'
`;

const files = {
  'workspace.yaml': 'name: W\ntimeZone: Europe/Paris\nconfig: { value: { host: example.com } }\n',
  'automations/greet.yaml': GREET,
  'automations/deep/ask.yaml': ASK,
  'automations/late.yaml': 'do: []\noutput: \'{% date(now(), "HH:mm") %}\'\n',
  'automations/caller.yaml': 'do:\n  - broken: {}\n',
  'automations/broken.yaml': "do:\n  - set: { name: a, value: '{% 1 / 0 %}' }\n",
  'events/hello.said.yaml': 'description: Somebody said hello\n',
};

describe('millrace run --offline', () => {
  it('prints the output where data goes, and what happened where notes go', async () => {
    using folder = new TestFolder(files);
    expect(await typed(['run', 'greet', '--offline', '-d', '{"body": {"name": "Ada"}}'], { folder: folder.path })).toEqual({
      code: 0,
      output: '{\n  "message": "Hello, Ada!"\n}\n',
      notes: 'emit    hello.said {"name":"Ada"}\nclock   2026-01-01T00:00:00.000Z\n',
    });
  });

  it('prints all there is as JSON', async () => {
    using folder = new TestFolder(files);
    const { code, output } = await typed(['run', 'greet', '--offline', '--json'], { folder: folder.path });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      id: 'greet',
      state: 'succeeded',
      output: { message: 'Hello, world!' },
      emits: [{ event: 'hello.said', payload: { name: 'world' } }],
      error: null,
      failure: null,
      http: null,
      contexts: { global: {}, user: {}, session: {}, socket: {}, run: {}, config: { host: 'example.com' } },
      effects: [],
      now: '2026-01-01T00:00:00.000Z',
      unused: 0,
    });
  });

  it('takes the payload from a file or from standard input', async () => {
    using folder = new TestFolder({ ...files, 'ada.yaml': 'body: { name: Ada }\n' });
    const fromFile = await typed(['run', 'greet', '--offline', '-q', '-d', '@ada.yaml'], { folder: folder.path });
    const fromInput = await typed(['run', 'greet', '--offline', '-q', '--data', '-'], {
      folder: folder.path,
      input: 'body: { name: Ada }',
    });
    expect(fromFile).toEqual({ code: 0, output: '{\n  "message": "Hello, Ada!"\n}\n', notes: '' });
    expect(fromInput).toEqual(fromFile);
  });

  it('finds an automation by its slug or its file, from anywhere in the workspace', async () => {
    using folder = new TestFolder(files);
    const { path } = folder;
    const ways = [
      await typed(['run', 'greet', '--offline'], { folder: path }),
      await typed(['run', 'automations/greet.yaml', '--offline'], { folder: path }),
      await typed(['run', 'greet', '--offline'], { folder: `${path}/automations/deep` }),
      await typed(['run', '../greet.yaml', '--offline'], { folder: `${path}/automations/deep` }),
    ];
    expect(new Set(ways.map(({ output }) => output))).toEqual(new Set(['{\n  "message": "Hello, world!"\n}\n']));
  });

  it('answers outside effects from mocks, and goes by what workspace.yaml says', async () => {
    const mocks = `
effects:
  - { effect: fetch, match: { url: 'https://example.com/a' }, result: { body: Yes } }
  - { effect: wait, events: [{ type: answered, payload: { text: indeed }, after: 30m }] }
  - { effect: fetch, result: { body: spare } }
now: 2026-07-01T10:00:00.000Z
`;
    using folder = new TestFolder({ ...files, 'mocks.yaml': mocks });
    expect(await typed(['run', 'ask-around', '--offline', '--mocks', 'mocks.yaml'], { folder: folder.path })).toEqual({
      code: 0,
      output: 'Yes indeed\n',
      notes: expect.stringMatching(
        /^fetch {3}\{"url":"https:\/\/example\.com\/a".*\nwait {4}.*\nunused {2}1 .*\nclock {3}2026-07-01T10:30:00\.000Z\n$/,
      ),
    });
    expect(await typed(['run', 'late', '--offline', '-q', '--mocks', 'mocks.yaml'], { folder: folder.path })).toMatchObject({
      output: '12:00\n',
    });
  });

  it('takes a mere list as the effects', async () => {
    using folder = new TestFolder(files);
    const input = '[{effect: fetch, result: {body: Yes}}]';
    const { output } = await typed(['run', 'ask-around', '--offline', '--mocks', '-', '--json'], { folder: folder.path, input });
    expect(JSON.parse(output)).toMatchObject({ state: 'succeeded', output: 'Yes ', unused: 0, now: '2026-01-01T01:00:00.000Z' });
  });

  it('tells why a run failed, and where', async () => {
    using folder = new TestFolder(files);
    const own = await typed(['run', 'broken', '--offline', '-q'], { folder: folder.path });
    expect(own).toEqual({
      code: 1,
      output: '',
      notes: [
        'millrace: failed (language.expression_type)',
        '  `1 / 0` is no finite number.',
        '  automations/broken.yaml:2:32',
        " 2 |   - set: { name: a, value: '{% 1 / 0 %}' }",
        '   |                                ^',
        '',
      ].join('\n'),
    });
    const callee = await typed(['run', 'caller', '--offline', '-q'], { folder: folder.path });
    expect(callee).toMatchObject({ code: 1, notes: expect.stringContaining('In an automation it called, line 2, column 32.') });
  });

  it('refuses what it cannot run', async () => {
    using folder = new TestFolder(files);
    const at = { folder: folder.path };
    const refusals: readonly (readonly [readonly string[], number, string])[] = [
      [['run', 'greet'], 2, 'No server is named.'],
      [['run', '--offline'], 2, 'Which automation?'],
      [['run', 'gret', '--offline'], 3, 'There is no automation `gret` in this workspace. Did you mean `greet`?'],
      [['run', 'workspace.yaml', '--offline'], 2, 'workspace.yaml is a part of a workspace but no automation.'],
      [['run', 'greet', '--offline', '-d', '[1]'], 2, 'the payload holds no map.'],
      [['run', 'greet', '--offline', '-d', '{'], 2, '--data is neither JSON nor YAML'],
      [['run', 'greet', '--offline', '-d', '-', '--mocks', '-'], 2, 'cannot be both'],
    ];
    for (const [words, code, sentence] of refusals) {
      expect(await typed(words, at)).toMatchObject({ code, output: '', notes: expect.stringContaining(sentence) });
    }
    using nowhere = new TestFolder({});
    expect(await typed(['run', 'greet', '--offline'], { folder: nowhere.path })).toMatchObject({
      code: 3,
      notes: expect.stringContaining('this folder is no workspace'),
    });
    expect(await typed(['run', '--offline', '-d', '{}'], { input: 'start: { slug: a }' })).toMatchObject({ code: 2 });
  });

  it('fails with the place of what cannot be read', async () => {
    using folder = new TestFolder({ 'automations/a.yaml': 'do: []\nouput: 1\n' });
    const { code, notes } = await typed(['run', 'a', '--offline'], { folder: folder.path });
    expect(code).toBe(1);
    expect(notes).toContain('millrace: failed (language.document_invalid)\n  automations/a.yaml:2:1 The key `ouput` means nothing here.');
  });
});
