import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { plan } from '../../plan/compile';
import type { AppPermissions } from '../../workspace/sources';
import { start } from '../step';
import type { Begin } from '../turn';

const NOTHING: AppPermissions = { reads: [], emits: [], hosts: [], secrets: [], actions: [], topics: [], files: false };

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

/** What an app with these permissions asks for that does this, and how it ends. */
function does(instructions: string, permissions: Partial<AppPermissions> = {}) {
  const automations = [{ file: 'automations/a.yaml', slug: 'a', text: `do: [${instructions}]\n` }];
  const crm = { app: 'contacts', automations, permissions: { ...NOTHING, ...permissions } };
  return start(plan({ automations: [], apps: { crm } }), begin, { crm: { KEY: 'hidden-value' } });
}

const missing = (permission: string, name: string) => ({
  error: { code: 'runtime.permission_missing', refusal: 'forbidden', details: { instance: 'crm', permission, name } },
});

describe('what nobody has consented to', () => {
  it.each([
    ['emits', 'contact.made', '{ emit: { event: contact.made } }'],
    ['emits', 'notification.requested', '{ emit: { event: notification.requested, payload: { title: a } } }'],
    ['reads', 'runtime.runs.finished', '{ wait: { oneOf: [{ event: runtime.runs.finished }] } }'],
    ['hosts', 'evil.example', '{ fetch: { url: "https://evil.example/x" } }'],
    ['secrets', 'OTHER', '{ fetch: { url: "https://api.example/", headers: { a: "{{secret.OTHER}}" } } }'],
    ['actions', 'parse-cv', '{ action: { name: parse-cv } }'],
    ['topics', 'sales', '{ createUserTopic: { topic: sales } }'],
    ['topics', 'sales', '{ joinUserTopic: { topic: sales, userIds: [usr_1] } }'],
    ['topics', 'sales', '{ leaveUserTopic: { topic: sales, userIds: [usr_1] } }'],
    ['files', 'file', '{ fetch: { url: "https://api.example/", outputMode: file } }'],
  ])('is refused with its name (%s), and told', (permission, name, instruction) => {
    const turn = does(instruction, { hosts: ['api.example'] });
    expect(turn.ended).toMatchObject(missing(permission, name));
    expect(turn.effects.map(({ kind, request }) => [kind, (request as JsonMap)['event']])).toEqual([
      ['emit', 'runtime.permissions.refused'],
    ]);
    expect(turn.effects[0]?.request).toMatchObject({
      payload: { instance: 'crm', app: 'contacts', automation: 'crm.a', permission, name },
    });
  });

  it('is refused where its name only shows when it runs', () => {
    const set = '{ set: { name: host, value: evil.example } }';
    expect(does(`${set}, { fetch: { url: "https://{{host}}/" } }`, { hosts: ['api.example'] }).ended).toMatchObject(
      missing('hosts', 'evil.example'),
    );
  });

  it('fails the step, which may be dealt with like any other error', () => {
    const attempt = '{ try: { do: [{ emit: { event: a.b } }], catch: [{ set: { name: c, value: "{{$error.code}}" } }] } }';
    const turn = does(`${attempt}, { emit: { event: told, payload: { c: "{{c}}" } } }`, { emits: ['told'] });
    expect(turn.effects.at(-1)?.request).toMatchObject({ event: 'crm.told', payload: { c: 'runtime.permission_missing' } });
  });
});

describe('what was consented to', () => {
  it.each([
    ['{ emit: { event: contact.made } }', { emits: ['contact.made'] }, 'emit'],
    ['{ emit: { event: any.thing } }', { emits: ['*'] }, 'emit'],
    ['{ wait: { oneOf: [{ event: runtime.runs.finished }] } }', { reads: ['runtime.>'] }, 'wait'],
    ['{ createUserTopic: { topic: sales } }', { topics: ['sales'] }, 'topic'],
    ['{ joinUserTopic: { topic: any, userIds: [usr_1] } }', { topics: ['*'] }, 'topic'],
    ['{ wait: { oneOf: [{ event: contact.made }] } }', {}, 'wait'],
    [
      '{ fetch: { url: "https://api.example:8443/x", headers: { a: "{{secret.KEY}}" } } }',
      { hosts: ['api.example'], secrets: ['KEY'] },
      'fetch',
    ],
    ['{ fetch: { url: "https://api.example/", outputMode: file } }', { hosts: ['api.example'], files: true }, 'fetch'],
    ['{ action: { name: parse-cv } }', { actions: ['parse-cv'] }, 'action'],
  ] as const)('is done: %s', (instruction, permissions, kind) => {
    const turn = does(instruction, permissions);
    expect(turn.ended ?? {}).not.toHaveProperty('error');
    expect(turn.effects.map((effect) => effect.kind)).toEqual([kind]);
  });

  it('is never an event of the platform, whatever the instance is called', () => {
    const automations = [{ file: 'automations/a.yaml', slug: 'a', text: 'do: [{ emit: { event: "{{event}}" } }]\n' }];
    const emitted = (instance: string, event: string) => {
      const app = { app: 'contacts', automations, permissions: { ...NOTHING, emits: ['*'] } };
      return start(plan({ automations: [], apps: { [instance]: app } }), { ...begin, slug: `${instance}.a`, locals: { event } });
    };
    const refused = { error: { code: 'runtime.event_refused' } };
    expect(emitted('workspaces', 'keys.revoked').ended).toMatchObject(refused);
    expect(emitted('notification', 'requested').ended).toMatchObject(refused);
    expect(emitted('workspaces', 'notification.requested').effects[0]?.request).toMatchObject({ event: 'notification.requested' });
  });

  it('is not asked of the workspace itself, which may do everything', () => {
    const automations = [{ file: 'automations/a.yaml', slug: 'a', text: 'do: [{ emit: { event: a.b } }]\n' }];
    expect(start(plan({ automations }), { ...begin, slug: 'a' }).ended).toEqual({ output: {} });
  });
});

describe('the configuration of an instance', () => {
  it('lies over the values that the app brings', () => {
    const workspace = { file: 'workspace.yaml', text: 'config: { value: { a: 1, b: 2 } }\n' };
    const planned = plan({ automations: [], apps: { crm: { automations: [], workspace, config: { b: 3 } } } });
    expect(planned.documents.get('crm')).toMatchObject({ config: { value: { a: 1, b: 3 } } });
  });
});

describe('a stream that is published', () => {
  it('bears no name of the platform', () => {
    const automations = [
      {
        file: 'automations/a.yaml',
        slug: 'a',
        text: 'do: [{ fetch: { url: "https://a.example/", stream: { event: runtime.runs.finished } } }]\n',
      },
    ];
    const turn = start(plan({ automations }), { ...begin, slug: 'a' });
    expect(turn.ended).toMatchObject({ error: { code: 'runtime.event_refused' } });
  });
});
