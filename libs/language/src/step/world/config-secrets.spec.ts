import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { plan } from '../../plan/compile';
import { start, step } from '../step';
import type { AppPermissions } from '../../workspace/sources';
import type { Begin } from '../turn';

const begin: Begin = {
  run: 'run_1',
  slug: 'crm.a',
  locals: {},
  trigger: { type: 'test', value: 'crm.a' },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: {},
  seed: 'seed',
  now: 0,
};

const SECRETS = { crm: { TOKEN: 'hidden-token', OTHER: 'hidden-other' } };

const NOTHING: AppPermissions = { reads: [], emits: ['*'], hosts: ['*'], secrets: [], actions: [], topics: [], files: false };

function ask(text: string, config: JsonMap, permissions?: AppPermissions) {
  const automations = [{ file: 'automations/a.yaml', slug: 'a', text }];
  const crm = { app: 'contacts', automations, config, ...(permissions === undefined ? {} : { permissions }) };
  const planned = plan({ automations: [], apps: { crm } });
  const turn = (loaded: JsonMap) => {
    const { state, effects } = start(planned, begin, SECRETS);
    const effect = effects[0]?.id ?? '';
    return step(planned, state, [{ effect, at: 1, value: { revision: 1, value: loaded } }], SECRETS);
  };
  return { planned, turn };
}

describe('a configuration that names secrets', () => {
  const FETCH = `do: [{ fetch: { url: 'https://a.example/', auth: { bearer: '{{config.token}}' } } }]\n`;

  it('is read with them, and says to whoever plans which they are', () => {
    const config = { token: 'Bearer {{ secret.TOKEN }}', list: [{ key: '{{secret.OTHER}}' }] };
    const { planned, turn } = ask(FETCH, config);
    expect(planned.secrets.get('crm')).toEqual(['TOKEN', 'OTHER']);
    expect(turn(config).effects[0]?.request).toMatchObject({ auth: { bearer: 'Bearer hidden-token' } });
  });

  it('keeps them out of what the run tells', () => {
    const config = { token: '{{secret.TOKEN}}' };
    const { turn } = ask("do: [{ emit: { event: told, payload: { token: '{{config.token}}' } } }]\n", config);
    expect(turn(config).effects[0]?.request).toMatchObject({ payload: { token: 'REDACTED' } });
  });

  it('has nothing where there is no such secret, or nobody planned with it', () => {
    const { turn } = ask(FETCH, { token: '{{secret.GONE}}' });
    expect(turn({ token: '{{secret.GONE}}' }).effects[0]?.request).toMatchObject({ auth: { bearer: '' } });
    const { turn: unplanned } = ask(FETCH, {});
    expect(unplanned({ token: '{{secret.TOKEN}}' }).effects[0]?.request).toMatchObject({ auth: { bearer: '{{secret.TOKEN}}' } });
  });
  it('is read without what a run wrote over it, whatever that names', () => {
    const declared = { token: '{{secret.TOKEN}}', list: ['{{secret.TOKEN}}'], of: { a: 1 }, words: 'a' };
    const { turn } = ask("# secret.OTHER\ndo: [{ fetch: { url: 'https://a.example/', body: '{{config}}' } }]\n", declared);
    const written = {
      token: 'x{{secret.TOKEN}}',
      list: ['{{secret.TOKEN}}', '{{secret.OTHER}}'],
      of: '{{secret.OTHER}}',
      words: ['{{secret.TOKEN}}'],
    };
    const read = { ...written, list: ['hidden-token', '{{secret.OTHER}}'], more: { b: '{{secret.TOKEN}}' } };
    expect(turn({ ...written, more: { b: '{{secret.TOKEN}}' } }).effects[0]?.request).toMatchObject({ body: read });
  });

  it('gives an app no secret that only its automations name, and nobody has consented to', () => {
    const text = `# secret.OTHER\n${FETCH}`;
    const config = { token: '{{secret.TOKEN}}' };
    const namedFor = (secrets: readonly string[]) => ask(text, config, { ...NOTHING, secrets }).planned.secrets.get('crm');
    expect([namedFor([]), namedFor(['OTHER']), namedFor(['*'])]).toEqual([['TOKEN'], ['OTHER', 'TOKEN'], ['OTHER', 'TOKEN']]);
  });
});
