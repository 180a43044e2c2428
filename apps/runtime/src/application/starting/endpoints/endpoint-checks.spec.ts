import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError, type JsonMap } from '@millrace/kernel';
import { matchEndpoint, plan } from '@millrace/language';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import type { EndpointCall } from '../../../domain/request';
import { NodeSignatures } from '../../../infrastructure/node-signatures';
import { Configuration } from '../../contexts/configuration';
import type { Model } from '../../models';
import { KeptConfigurations } from '../../testing/kept-configurations';
import { ToldSecrets, ToldUploads } from '../../testing/told';
import { EndpointChecks } from './endpoint-checks';

type Headers = Readonly<Record<string, string>>;

interface Way {
  readonly verify: string;
  /** The headers of a call whose body is signed with this secret at this time (seconds). */
  readonly sign: (body: string, secret: string, at: number) => Headers;
}

const { clock, keyValue } = memoryPorts();
const ids = new SystemIds(clock);
const SECRET = 'c2VjcmV0IG9mIHRoZSBob29rcw==';
const OTHER = 'YW5vdGhlciBvbmUgZm9yIGhvb2tz';
const BODY = '{"order":7,"name":"Zoë"}';

const mac = (hash: string, key: string | Buffer, content: string, encoding: 'hex' | 'base64' = 'hex'): string =>
  createHmac(hash, key).update(content).digest(encoding);

const WAYS: Readonly<Record<string, Way>> = {
  'standard webhooks': {
    verify: "preset: standard-webhooks, secret: '{{config.hook}}'",
    sign: (body, secret, at) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(at),
      'webhook-signature': `v1,${mac('sha256', Buffer.from(secret, 'base64'), `msg_1.${at}.${body}`, 'base64')}`,
    }),
  },
  github: {
    verify: "preset: github, secret: '{{config.hook}}'",
    sign: (body, secret) => ({ 'x-hub-signature-256': `sha256=${mac('sha256', secret, body)}` }),
  },
  stripe: {
    verify: "preset: stripe, secret: '{{config.hook}}'",
    sign: (body, secret, at) => ({ 'stripe-signature': `t=${at},v1=${mac('sha256', secret, `${at}.${body}`)}` }),
  },
  slack: {
    verify: "preset: slack, secret: '{{config.hook}}'",
    sign: (body, secret, at) => ({
      'x-slack-request-timestamp': String(at),
      'x-slack-signature': `v0=${mac('sha256', secret, `v0:${at}:${body}`)}`,
    }),
  },
  shopify: {
    verify: "preset: shopify, secret: '{{config.hook}}'",
    sign: (body, secret) => ({ 'x-shopify-hmac-sha256': mac('sha256', secret, body, 'base64') }),
  },
  'an hmac of its own': {
    verify: "preset: hmac, secret: '{{config.hook}}', header: X-Mine, algorithm: SHA512, encoding: base64",
    sign: (body, secret) => ({ 'x-mine': mac('sha512', secret, body, 'base64') }),
  },
  'an hmac with its time': {
    verify: "preset: hmac, secret: '{{config.hook}}', header: X-Signed, prefix: 'v1=', timestamp: X-Time",
    sign: (body, secret, at) => ({ 'x-time': String(at), 'x-signed': `v1=${mac('sha256', secret, `${at}.${body}`)}` }),
  },
  'an hmac over more than the body': {
    verify: "preset: hmac, secret: '{{config.hook}}', algorithm: sha1, payload: '{{method}}:{{path}}:{{headers.x-at}}:{{body}}'",
    sign: (body, secret) => ({ 'x-at': 'noon', 'x-signature': `sha1=${mac('sha1', secret, `post:hook:noon:${body}`)}` }),
  },
};
const TIMELY = ['standard webhooks', 'stripe', 'slack', 'an hmac with its time'];

const secrets = new ToldSecrets();
const uploads = new ToldUploads();
let configurations: KeptConfigurations;
let checks: EndpointChecks;

beforeAll(async () => {
  configurations = new KeptConfigurations(await keyValue.bucket('configs'));
  checks = new EndpointChecks({
    configuration: new Configuration(configurations),
    clock,
    signatures: new NodeSignatures(),
    secrets,
    uploads,
  });
});

/** A workspace with one endpoint, `hook`, and this configuration; declared, or kept. */
async function workspaceOf(endpoint: string, { declared, kept }: { declared?: JsonMap; kept?: JsonMap } = {}): Promise<Model> {
  const workspaceId = ids.mint('ws');
  const automation = { file: 'automations/hook.yaml', text: `when: { endpoint: { path: hook, ${endpoint} } }\ndo: []\n` };
  const workspace = { file: 'workspace.yaml', text: JSON.stringify({ name: 'w', config: { value: declared ?? {} } }) };
  if (kept !== undefined) await configurations.put(workspaceId, declared ?? {}, kept);
  return { workspaceId, digest: 'd', plan: plan({ workspace, automations: [automation] }) };
}

function call(model: Model, headers: Headers, body: string | Uint8Array = BODY): Promise<JsonMap> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const asked: EndpointCall = {
    method: 'POST',
    path: 'hook',
    query: '',
    headers: { 'content-type': 'application/json', ...headers },
    body: bytes,
    ip: '',
  };
  const [match] = matchEndpoint(model.plan, 'post', 'hook');
  if (match === undefined) throw new Error('there is no such endpoint');
  return checks.localsOf(model, match, asked);
}

/** `let in`, or the code it is refused with. */
function outcome(model: Model, headers: Headers, body?: string | Uint8Array): Promise<string> {
  return call(model, headers, body).then(
    () => 'let in',
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}

const now = (): number => Math.floor(clock.now() / 1000);

/** A text with one bit of one character changed, for each of its characters. */
function flipped(text: string): readonly string[] {
  return [...text].map((character, at) => text.slice(0, at) + String.fromCharCode(character.charCodeAt(0) ^ 1) + text.slice(at + 1));
}

describe.each(Object.entries(WAYS))('a call signed as %s', (name, { verify, sign }) => {
  let model: Model;

  beforeAll(async () => {
    model = await workspaceOf(`verify: { ${verify} }`, { declared: { hook: SECRET } });
  });

  it('is let in, its body read', async () => {
    expect(await call(model, sign(BODY, SECRET, now()))).toMatchObject({ method: 'post', body: { order: 7, name: 'Zoë' } });
  });

  it('is refused with any byte of its body changed', async () => {
    const bytes = Buffer.from(BODY);
    const bodies = [...bytes].map((byte, at) => Buffer.from(bytes.map((one, index) => (index === at ? byte ^ 1 : one))));
    const outcomes = await Promise.all(bodies.map((body) => outcome(model, sign(BODY, SECRET, now()), body)));
    expect(new Set(outcomes)).toEqual(new Set(['runtime.signature_invalid']));
  });

  it('is refused with any byte of what it is signed by changed', async () => {
    const headers = sign(BODY, SECRET, now());
    for (const [header, value] of Object.entries(headers)) {
      const outcomes = await Promise.all(flipped(value).map((text) => outcome(model, { ...headers, [header]: text })));
      expect(new Set(outcomes)).toEqual(new Set(['runtime.signature_invalid']));
    }
  });

  it('is refused with its body written in another way that means the same', async () => {
    const headers = sign(BODY, SECRET, now());
    for (const body of [
      BODY.replace(':', ': '),
      `${BODY}\n`,
      `\uFEFF${BODY}`,
      BODY.replace('ë', '\\u00eb'),
      Buffer.from(BODY, 'latin1'),
      '',
    ]) {
      expect(await outcome(model, headers, body)).toBe('runtime.signature_invalid');
    }
  });

  it('is refused without its signature, with half of it, and with that of another secret', async () => {
    const headers = sign(BODY, SECRET, now());
    for (const header of Object.keys(headers).filter((one) => one.includes('sign') || one === 'x-mine' || one.includes('hmac'))) {
      const value = headers[header] ?? '';
      expect(await outcome(model, { ...headers, [header]: '' })).toBe('runtime.signature_invalid');
      expect(await outcome(model, { ...headers, [header]: value.slice(0, value.length / 2) })).toBe('runtime.signature_invalid');
    }
    expect(await outcome(model, {})).toBe('runtime.signature_invalid');
    expect(await outcome(model, sign(BODY, OTHER, now()))).toBe('runtime.signature_invalid');
  });

  it('is let in with either of two secrets', async () => {
    for (const hook of [[OTHER, SECRET], `${SECRET}\n${OTHER}\n`]) {
      const rotating = await workspaceOf(`verify: { ${verify} }`, { declared: { hook: 'gone' }, kept: { hook } });
      expect(await outcome(rotating, sign(BODY, SECRET, now()))).toBe('let in');
      expect(await outcome(rotating, sign(BODY, OTHER, now()))).toBe('let in');
      expect(await outcome(rotating, sign(BODY, 'gone', now()))).toBe('runtime.signature_invalid');
    }
  });

  it(`is ${TIMELY.includes(name) ? 'refused' : 'let in'} when it is not of now`, async () => {
    const late = TIMELY.includes(name) ? 'runtime.signature_invalid' : 'let in';
    const at = [-300, 300, -301, 301].map((seconds) => outcome(model, sign(BODY, SECRET, now() + seconds)));
    expect(await Promise.all(at)).toEqual(['let in', 'let in', late, late]);
  });
});

describe('the signatures that are published as examples', () => {
  const SLACK =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

  it.each([
    [
      'standard-webhooks',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      '{"test": 2432232314}',
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
    ],
    [
      'github',
      "It''s a Secret to Everybody",
      'Hello, World!',
      { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' },
    ],
    [
      'slack',
      '8f742231b10e8888abcd99yyyzzz85a5',
      SLACK,
      {
        'x-slack-request-timestamp': '1531420618',
        'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      },
    ],
  ])('let a call of %s in', async (preset, secret, body, headers) => {
    const model = await workspaceOf(`verify: { preset: ${preset}, secret: '${secret}', tolerance: 40000d }`);
    const typed = { 'content-type': 'text/plain', ...headers };
    expect(await outcome(model, typed, body)).toBe('let in');
    expect(await outcome(model, typed, `${body} `)).toBe('runtime.signature_invalid');
    const strict = await workspaceOf(`verify: { preset: ${preset}, secret: '${secret}' }`);
    expect(await outcome(strict, typed, body)).toBe(preset === 'github' ? 'let in' : 'runtime.signature_invalid');
  });
});

describe('the secret of a signature', () => {
  const signed = (secret: string): Headers => ({ 'x-hub-signature-256': `sha256=${mac('sha256', secret, BODY)}` });

  it('may be one of the workspace, named by the endpoint or by the configuration', async () => {
    for (const [verify, declared] of [
      ["'{{secret.HOOK}}'", {}],
      ["'{{config.hook}}'", { hook: '{{secret.HOOK}}' }],
      ["'{{config.hook}}'", { hook: ['{{ secret.HOOK }}', '{{secret.OLD}}'] }],
    ] as const) {
      const model = await workspaceOf(`verify: { preset: github, secret: ${verify} }`, { declared });
      expect(await outcome(model, signed('of the workspace'))).toBe('runtime.verify_secret_missing');
      secrets.values.set(model.workspaceId, { HOOK: 'of the workspace', OLD: 'old' });
      expect(await outcome(model, signed('of the workspace'))).toBe('let in');
      expect(await outcome(model, signed('{{secret.HOOK}}'))).toBe('runtime.signature_invalid');
    }
  });

  it('is never the text that names one which is not there', async () => {
    for (const hook of ['{{secret.NONE}}', 'x{{secret.NONE}}', '{% secret.NONE %}', '{{ secret["NONE"] }}']) {
      const model = await workspaceOf("verify: { preset: github, secret: '{{config.hook}}' }", { declared: { hook } });
      expect(await outcome(model, signed(hook))).toBe('runtime.verify_secret_missing');
    }
  });
});

describe('the bytes of a signature', () => {
  const file = { field: 'f', name: 'a', type: 'text/plain', size: BODY.length, sha256: '', ref: 'ref_1' };
  const headers = { 'x-hub-signature-256': `sha256=${mac('sha256', 'mine', BODY)}` };
  const send = async (upload: EndpointCall['upload'], body = ''): Promise<string> => {
    const model = await workspaceOf('verify: { preset: github, secret: mine }');
    const asked = { method: 'POST', path: 'hook', query: '', headers, body: Buffer.from(body), ip: '', ...(upload && { upload }) };
    const [match] = matchEndpoint(model.plan, 'post', 'hook');
    if (match === undefined) throw new Error('there is no such endpoint');
    return checks.localsOf(model, match, asked).then(
      () => 'let in',
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );
  };

  it('are read where they are kept', async () => {
    uploads.staged.set('ref_1', Buffer.from(BODY));
    expect(await send({ isWhole: true, fields: [], files: [file] })).toBe('let in');
    uploads.staged.set('ref_1', Buffer.from(`${BODY} `));
    expect(await send({ isWhole: true, fields: [], files: [file] })).toBe('runtime.signature_invalid');
  });

  it('are those of a form as it came, as long as they are there', async () => {
    expect(await send({ isWhole: false, fields: [], files: [file] }, BODY)).toBe('let in');
    expect(await send({ isWhole: false, fields: [], files: [file] })).toBe('runtime.signed_form_too_large');
  });
});

describe('the signature of a call', () => {
  it('may be one of several while its sender changes the secret', async () => {
    const model = await workspaceOf("verify: { preset: standard-webhooks, secret: '{{config.hook}}', tolerance: 10s }", {
      declared: { hook: `whsec_${SECRET}` },
    });
    const way = WAYS['standard webhooks'];
    const right = way?.sign(BODY, SECRET, now()) ?? {};
    const wrong = way?.sign(BODY, OTHER, now())['webhook-signature'] ?? '';
    const several = `v1a,abc ${wrong} ${right['webhook-signature'] ?? ''}`;
    expect(await outcome(model, { ...right, 'webhook-signature': several })).toBe('let in');
    expect(await outcome(model, { ...right, 'webhook-signature': `${`${wrong} `.repeat(20)}${several}` })).toBe(
      'runtime.signature_invalid',
    );
    expect(await outcome(model, way?.sign(BODY, SECRET, now() - 11) ?? {})).toBe('runtime.signature_invalid');
  });

  it('is taken for none when its time is no number', async () => {
    const model = await workspaceOf("verify: { preset: slack, secret: '{{config.hook}}' }", { declared: { hook: SECRET } });
    const at = `${now()}e0`;
    const headers = { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${mac('sha256', SECRET, `v0:${at}:${BODY}`)}` };
    expect(await outcome(model, headers)).toBe('runtime.signature_invalid');
  });

  it('may be written in capitals where the author says how it is made', async () => {
    const model = await workspaceOf('verify: { preset: hmac, secret: mine, header: x-it }');
    expect(await outcome(model, { 'x-it': mac('sha256', 'mine', BODY).toUpperCase() })).toBe('let in');
    expect(await outcome(model, { 'x-it': 'constructor' })).toBe('runtime.signature_invalid');
  });

  it('is wrong by a way of signing nobody knows, and over a text that is none', async () => {
    const unknown = await workspaceOf('verify: { preset: hmac, secret: mine, algorithm: md5 }');
    expect(await outcome(unknown, { 'x-signature': mac('md5', 'mine', BODY) })).toBe('runtime.signature_invalid');
    const broken = await workspaceOf('verify: { preset: hmac, secret: mine, payload: \'{% regex("(", body) %}\' }');
    expect(await outcome(broken, { 'x-signature': mac('sha256', 'mine', BODY) })).toBe('runtime.signature_invalid');
  });

  it('is right by no secret at all', async () => {
    for (const secret of ["'{{config.none}}'", "'{{secret.HOOK}}'", "''", "'{{config.number}}'", "'{% nothing( %}'"]) {
      const model = await workspaceOf(`verify: { preset: github, secret: ${secret} }`, { declared: { number: 5 } });
      expect(await outcome(model, { 'x-hub-signature-256': `sha256=${mac('sha256', '', BODY)}` })).toBe('runtime.verify_secret_missing');
    }
  });

  it('tells nobody how near it came', async () => {
    const model = await workspaceOf('verify: { preset: github, secret: mine }');
    const errors = [{}, { 'x-hub-signature-256': 'sha256=00' }, { 'x-hub-signature-256': `sha256=${mac('sha256', 'yours', BODY)}` }].map(
      (headers) => call(model, headers).catch(String),
    );
    expect(new Set(await Promise.all(errors)).size).toBe(1);
  });
});

describe('the body of a call', () => {
  const SCHEMA = 'request: { type: object, required: [order], properties: { order: { type: integer }, name: { type: string } } }';

  it('is let in as it is when it is what the endpoint takes', async () => {
    const model = await workspaceOf(SCHEMA);
    expect(await call(model, {})).toMatchObject({ body: { order: 7 } });
    expect(await outcome(model, {})).toBe('let in');
  });

  it('is refused with the places that are wrong', async () => {
    const refused = call(await workspaceOf(SCHEMA), {}, '{"order":"seven","name":8}');
    await expect(refused).rejects.toMatchObject({
      code: 'language.arguments_invalid',
      refusal: 'invalid',
      errors: [{ pointer: '/order' }, { pointer: '/name' }],
    });
  });

  it('is refused when it is none, as a whole', async () => {
    await expect(call(await workspaceOf('request: { type: string }'), {}, '')).rejects.toMatchObject({ errors: [{ pointer: '' }] });
  });

  it('is refused by a schema that cannot be used, and by one that takes nothing', async () => {
    for (const schema of ['{ $ref: nowhere }', 'false', '7']) {
      expect(await outcome(await workspaceOf(`request: ${schema}`), {})).toBe('language.arguments_invalid');
    }
  });

  it('is not read before its signature was', async () => {
    const model = await workspaceOf(`${SCHEMA}, verify: { preset: github, secret: mine }`);
    expect(await outcome(model, {}, '{')).toBe('runtime.signature_invalid');
    expect(await outcome(model, { 'x-hub-signature-256': `sha256=${mac('sha256', 'mine', '{')}` }, '{')).toBe('runtime.body_malformed');
  });
});
