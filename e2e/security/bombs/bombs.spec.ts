import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answered } from '../ground';
import { Bombed } from './bombed';

const MIB = 1_048_576;

const levels = (count: number): string =>
  Array.from({ length: count }, (_, at) => `a${at + 1}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(', ')}]`).join('\n');

const YAML: readonly (readonly [string, string])[] = [
  ['aliases of aliases', `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${levels(12)}\ndo: *a12\n`],
  [
    'merges of merges',
    `a0: &a0 { x: 1 }\n${Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} { <<: [*a${at}, *a${at}] }`).join('\n')}\ndo: []\n`,
  ],
  ['an alias of itself', 'do: &x [*x]\n'],
  ['lists very deep', `do: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`],
  ['maps very deep', `do: ${'{a: '.repeat(50_000)}1${'}'.repeat(50_000)}\n`],
  ['indentation very deep', Array.from({ length: 700 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ['very many nodes', `do: [${'1,'.repeat(120_000)}1]\n`],
  ['very many keys', `do: []\narguments:\n${Array.from({ length: 20_000 }, (_, at) => `  k${at}: 1`).join('\n')}\n`],
  ['a key that stands twice, very often', 'do: []\n'.repeat(30_000)],
  ['tags of a language', 'do: !!js/function "function () { return 1 }"\nwhen: !!python/object/apply:os.system [id]\n'],
  ['a number with very many digits', `do: [{ set: { name: n, value: ${'9'.repeat(200_000)} } }]\n`],
  ['a pattern of quotes', `do: ["${'\\\\'.repeat(100_000)}\n`],
];

const JSONS: readonly (readonly [string, string])[] = [
  ['lists very deep', `{"events":${'['.repeat(100_000)}`],
  ['maps very deep', `{"events":[{"type":"a.b","payload":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}]}`],
  ['very many keys', `{"events":[{"type":"a.b","payload":{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":1`).join(',')}}}]}`],
  ['very many events', `{"events":[${'{},'.repeat(200_000)}{}]}`],
  ['keys that stand twice', `{"events":[{"type":"a.b","payload":{${'"a":1,'.repeat(100_000)}"a":1}}]}`],
  ['a number with very many digits', `{"events":[{"type":"a.b","time":${'9'.repeat(900_000)}}]}`],
  ['a text of escapes', `{"events":[{"type":"${'\\u0061'.repeat(150_000)}"}]}`],
  ['more than a request may bring', `{"events":["${'x'.repeat(3 * MIB)}"]}`],
];

describe('a bomb at the door', () => {
  let house: Bombed;
  let workspace: string;

  beforeAll(async () => {
    house = await Bombed.make();
    workspace = await house.workspace();
  });

  afterAll(async () => {
    await house.stop();
  });

  const put = (source: string): Promise<Answered> =>
    house.ground.ask(`/v1/workspaces/${workspace}/automations/bomb`, {
      method: 'PUT',
      headers: { authorization: house.authorization, 'content-type': 'application/yaml', 'if-match': '*' },
      body: source,
    });

  const emit = (body: string): Promise<Answered> =>
    house.ground.ask(`/v1/workspaces/${workspace}/events`, {
      method: 'POST',
      headers: { authorization: house.authorization, 'content-type': 'application/json' },
      body,
    });

  it.each(YAML)('of YAML, %s, is refused and costs little', async (_, source) => {
    const [status, ...others] = await house.thrown(() => put(source));
    expect([[400, 413, 422], others]).toEqual([expect.arrayContaining([status]), []]);
  });

  it('of YAML is refused with its place', async () => {
    const { body } = await put('do: &x [*x]\n');
    expect((JSON.parse(body) as { detail: string }).detail).toMatch(/:\d+:\d+:/);
  });

  it.each(JSONS)('of JSON, %s, is refused and costs little', async (_, body) => {
    const [status, ...others] = await house.thrown(() => emit(body));
    expect([[400, 413, 422], others]).toEqual([expect.arrayContaining([status]), []]);
  });

  it('of JSON, a million keys, is cut off or refused, and costs little', async () => {
    const keys = Array.from({ length: 1_000_000 }, (_, at) => `"k${at}":1`).join(',');
    const cut: Answered = { status: 413, headers: {}, body: '' };
    expect(await house.thrown(() => emit(`{"events":[{"type":"a.b","payload":{${keys}}}]}`).catch(() => cut))).toEqual([413]);
  });

  it('leaves the house as it was', async () => {
    expect((await house.ground.ask('/healthz')).status).toBe(200);
    expect((await emit('{"events":[{"type":"all.well"}]}')).status).toBe(201);
  });
});
