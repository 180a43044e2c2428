import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyOf, routeOf } from '@millrace/contracts';
import { Ground, type Answered } from './ground';
import { METHODS } from './methods';

const DEPTHS = [0, 1, 2, 8, 40];
/** What an administrator may set, and nobody sends. */
const ADMIN_FIELDS = [
  'id',
  'etag',
  'owner',
  'ownerId',
  'createdAt',
  'role',
  'roles',
  'isAdmin',
  'state',
  'principal',
  'actor',
  'revision',
  'quotas',
];

const written = METHODS.flatMap((method) => {
  const route = routeOf(method);
  return route?.body === undefined || policyOf(method).kind === 'service' ? [] : [{ method, ...route }];
});

describe('every route that takes a body', () => {
  let ground: Ground;
  let authorization: string;
  let workspace: string;

  beforeAll(async () => {
    ground = await Ground.make();
    authorization = `Bearer ${await ground.token('ada')}`;
    workspace = await ground.workspace(await ground.as('ada'));
  });

  afterAll(async () => {
    await ground.stop();
  });

  const send = (path: string, verb: string, body: string): Promise<Answered> =>
    ground.ask(path.replaceAll('{workspace_id}', workspace).replaceAll(/\{\w+\}/g, 'x1'), {
      method: verb.toUpperCase(),
      headers: { authorization, 'content-type': 'application/json', 'if-match': '*' },
      body,
    });

  interface Sent {
    readonly path: string;
    readonly verb: string;
    readonly body: string;
  }

  const statusesOf = async (sent: readonly Sent[]): Promise<readonly (Sent & { readonly status: number })[]> => {
    const answers = await ground.askAll(sent, ({ path, verb, body }) => send(path, verb, body));
    return sent.map((one, at) => ({ ...one, status: answers[at]?.status ?? 0 }));
  };

  const nested = (depth: number, key: string): string =>
    `${'{"a":'.repeat(depth)}{${JSON.stringify(key)}:{"polluted":true}}${'}'.repeat(depth)}`;

  it('is there to be tried', () => {
    expect(written.length).toBeGreaterThan(25);
  });

  it('refuses the key __proto__ at any depth, however it is spelt', async () => {
    const bodies = [
      ...DEPTHS.map((depth) => nested(depth, '__proto__')),
      '{"\\u005f_proto__":{"polluted":true}}',
      '[{"__proto__":{"polluted":true}}]',
    ];
    const answers = await Promise.all(
      written.flatMap(({ path, verb }) =>
        bodies.map(async (body) => ({ path, verb, body, status: (await send(path, verb, body)).status })),
      ),
    );
    // Sources are read by their own language, which refuses it too.
    const isSource = (path: string, verb: string): boolean =>
      verb === 'put' && /\/(automations\/\{slug\}|event-types\/\{type\}|draft\/files\/\{path\})$/.test(path);
    const wanted = (path: string, verb: string): readonly number[] => (isSource(path, verb) ? [422] : [400, 415]);
    expect(answers.filter(({ path, verb, status }) => !wanted(path, verb).includes(status))).toEqual([]);
  });

  it('takes constructor and prototype for fields it does not know, or for plain data', async () => {
    for (const key of ['constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const answers = await statusesOf(written.map(({ path, verb }) => ({ path, verb, body: nested(0, key) })));
      expect(answers.filter(({ status }) => status >= 500 || status === 200)).toEqual([]);
    }
  });

  it('keeps such keys of an event as data, and shows them as they came', async () => {
    const payload = { constructor: { prototype: { polluted: true } }, prototype: 1, toString: 'x' };
    const emitted = await send(
      '/v1/workspaces/{workspace_id}/events',
      'post',
      JSON.stringify({ events: [{ type: 'some.thing', payload }] }),
    );
    expect(emitted.status).toBe(201);
    const { events } = JSON.parse(emitted.body) as { events: { id: string }[] };
    const path = `/v1/workspaces/${workspace}/events/${events[0]?.id ?? ''}`;
    let found = await ground.ask(path, { headers: { authorization } });
    // The history follows the log, and may be a moment behind.
    for (let tries = 0; tries < 200 && found.status === 404; tries++) found = await ground.ask(path, { headers: { authorization } });
    expect(JSON.parse(found.body)).toMatchObject({ payload });
  });

  it('refuses fields that only the platform sets', async () => {
    const known = new Map(written.map(({ method, body }) => [method, new Set(bodyFields(method, body ?? ''))]));
    const sent = written.flatMap(({ method, path, verb }) =>
      ADMIN_FIELDS.filter((field) => !known.get(method)?.has(field)).map((field) => ({
        path,
        verb,
        body: JSON.stringify({ [field]: 'x' }),
      })),
    );
    const answers = await statusesOf(sent);
    expect(answers.filter(({ status }) => ![400, 415].includes(status))).toEqual([]);
  });

  it('leaves every object as it was', async () => {
    const { body } = await ground.ask('/v1/me', { headers: { authorization } });
    expect(JSON.parse(body)).not.toHaveProperty('polluted');
    expect((await ground.ask('/healthz')).body).toBe('{"ready":true}');
  });
});

/** Names that the body of a method knows. A body that is one free field takes any. */
function bodyFields(method: (typeof METHODS)[number], body: string): readonly string[] {
  const { fields } = method.input;
  const field = fields.find(({ name }) => name === body);
  if (body === '*' || field === undefined) return fields.map(({ jsonName }) => jsonName);
  return field.message?.fields.map(({ jsonName }) => jsonName) ?? ADMIN_FIELDS;
}
