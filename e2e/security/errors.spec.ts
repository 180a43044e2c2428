import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyOf, routeOf } from '@millrace/contracts';
import fc from 'fast-check';
import { Ground, type Answered } from './ground';
import { METHODS } from './methods';

const RUNS = 400;
const SEED = 20_261_121;
/** What tells of our inside: a stack, a file, a store, a host, a package. */
const INSIDE = [
  /\bat [^"]*:\d+:\d+\b/,
  /node_modules|node:internal|file:\/\/|dist\/apps|\.[cm]?[jt]s:\d/,
  /SQLITE|SELECT |INSERT INTO|no such table|UNIQUE constraint/i,
  /\bE(?:CONN|NOENT|ACCES|ADDR|PIPE)[A-Z]*\b/,
  /\b(?:Type|Range|Reference|Syntax)Error\b|is not a function|of undefined|\[object Object\]/,
  /millrace-test-|\/tmp\//,
];
const routes = METHODS.flatMap((method) => {
  const route = routeOf(method);
  return route === undefined || policyOf(method).kind === 'service' ? [] : [route];
});

const odd = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    '..',
    '%00',
    "' or 1=1 --",
    '{{7*7}}',
    '${jndi:x}',
    '<script>',
    '\u0000',
    '\u202e',
    '💥',
    'null',
    '-1',
    '1e999',
    'ws_',
    '*',
  ),
);
const json = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom('{', '[]', 'null', '""', '{"a":', '\ufeff{}', '1e9999'),
);
const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/yaml',
      'text/plain',
      'multipart/form-data',
      'application/json; charset=utf-7',
      'x',
    ),
    accept: fc.constantFrom('application/json', 'text/html', '*/*', 'application/xml', ''),
    'if-match': fc.constantFrom('*', '"1"', 'W/"x"', 'rubbish'),
    prefer: fc.constantFrom('respond-async', 'wait=1', 'wait=x', 'return=minimal'),
    'idempotency-key': fc.constantFrom('a', 'x'.repeat(65), 'a b'),
    range: fc.constantFrom('bytes=0-', 'bytes=9-1', 'x'),
    origin: fc.constantFrom('https://evil.example', 'null'),
  },
  { requiredKeys: [] },
);

describe('what a refusal tells', () => {
  let ground: Ground;
  let workspace: string;
  let tokens: readonly string[];

  beforeAll(async () => {
    ground = await Ground.make();
    workspace = await ground.workspace(await ground.as('ada'), { one: 'when: { endpoint: { path: one, access: public } }\ndo: []\n' });
    tokens = [await ground.token('ada'), await ground.token('bob')];
  });

  afterAll(async () => {
    await ground.stop();
  });

  const bare = ({ body }: Answered): string => body.replaceAll(/"(?:instance|requestId|traceId|pointer)":"(?:[^"\\]|\\.)*"/g, '');

  it('is nothing of our inside, whatever was asked', async () => {
    const requests = fc.record({
      route: fc.constantFrom(...routes),
      part: odd,
      query: odd,
      body: json,
      headers,
      who: fc.constantFrom(0, 1, 2),
    });
    const sent = fc.sample(requests, { numRuns: RUNS, seed: SEED });
    const answers = await ground.askAll(sent, ({ route: { verb, path }, part, query, body, headers: some, who }) => {
      const [own, other] = [encodeURIComponent(workspace), encodeURIComponent(part)];
      const filled = path.replaceAll('{workspace_id}', who === 2 ? other : own).replaceAll(/\{\w+\}/g, other);
      const token = tokens[who];
      return ground.ask(`${filled}?where=${encodeURIComponent(query)}&limit=${encodeURIComponent(part)}`, {
        method: verb.toUpperCase(),
        headers: { ...definite(some), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        ...(verb === 'get' || verb === 'delete' ? {} : { body }),
      });
    });
    const refused = answers.filter(({ status }) => status >= 400);
    expect(refused.length).toBeGreaterThan(RUNS / 2);
    expect(answers.filter(({ status }) => status === 500)).toEqual([]);
    expect(refused.map(bare).filter((text) => INSIDE.some((mark) => mark.test(text)))).toEqual([]);
    expect(
      refused.filter(({ headers: { 'content-type': type } }) => type !== 'application/problem+json; charset=utf-8').map(({ body }) => body),
    ).toEqual([]);
  });

  it('holds no control character that a terminal would act upon', async () => {
    const evil = '\u001b[31m\u0007\u0085\u009b';
    const { body } = await ground.ask('/v1/workspaces', {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens[0] ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ [evil]: 1 }),
    });

    expect(body).not.toMatch(/[\u0000-\u001f\u007f]/);
  });

  it('is the same of what is hidden and of what is not there', async () => {
    const missing = `${workspace.slice(0, -4)}0000`;
    const authorization = `Bearer ${tokens[1] ?? ''}`;
    const reading = routes.filter(({ verb, path }) => verb === 'get' && path.includes('{workspace_id}'));
    expect(reading.length).toBeGreaterThan(20);
    for (const { path } of reading) {
      const at = (id: string): Promise<Answered> =>
        ground.ask(path.replaceAll('{workspace_id}', id).replaceAll(/\{\w+\}/g, 'x1'), { headers: { authorization } });
      const [hidden, absent] = [await at(workspace), await at(missing)];
      expect([path, hidden.status]).toEqual([path, absent.status]);
      expect(bare(hidden).replaceAll(workspace, 'ID')).toBe(bare(absent).replaceAll(missing, 'ID'));
    }
  });
});

function definite(some: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(some).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
