import { beforeEach, describe, expect, it } from '@jest/globals';
import { ANONYMOUS, type Principal } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench, WORKSPACE } from '../testing/workbench';

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const bob: Principal = { kind: 'user', id: 'bob', roles: [] };
const GUARD = 'authorizations: { action: refund }\n';

const AUTOMATIONS = {
  refund: `${GUARD}when: { events: asked, endpoint: { access: public }, schedules: ['@every 1h'] }\ndo: [{ emit: { event: refunded } }]\noutput: done\n`,
  desk: 'when: { events: called, endpoint: { access: public } }\ndo: [{ refund: { output: said } }]\noutput: "{{said}}"\n',
  careful:
    'when: { events: tried }\ndo: [{ try: { do: [{ refund: {} }], catch: [{ emit: { event: kept, payload: { code: "{{$error.code}}" } } }] } }]\n',
  reader: 'authorizations: { action: read }\nwhen: { events: looked }\ndo: []\n',
};

let runtime: Workbench;

beforeEach(async () => {
  const ports = memoryPorts();
  runtime = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, AUTOMATIONS);
  runtime.rights.rights.set('ada', ['execute:refund automations', 'read automations']);
  runtime.rights.rights.set('key_00000000000000000000000001', ['execute:refund automations']);
  runtime.rights.rights.set('bob', ['execute:other automations']);
});

/** How the runs ended that an event of somebody started. */
async function ends(type: string, actor: { readonly kind: Principal['kind']; readonly id: string; readonly onBehalfOf?: string }) {
  await runtime.deliver(await runtime.emit(type, {}, { actor }));
  return (await runtime.records()).map(({ automation, outcome, error }) => [automation, outcome, error]);
}

const FORBIDDEN = ['refund', 'failed', 'runtime.forbidden'];

describe('an automation that wants an action allowed', () => {
  it('is called by who may, and by nobody else', async () => {
    expect(await runtime.call('desk', {}, ada)).toMatchObject({ status: 200, chunks: ['done'] });
    await expect(runtime.call('desk', {}, bob)).rejects.toMatchObject({ code: 'runtime.forbidden', refusal: 'forbidden' });
    expect((await runtime.logged('refunded')).length).toBe(1);
  });

  it('refuses a call so that the caller can go on', async () => {
    await runtime.deliver(await runtime.emit('tried', {}, { actor: { kind: 'user', id: 'bob' } }));
    expect(await runtime.told()).toContainEqual(['kept', { code: 'runtime.forbidden' }]);
  });

  it.each([
    ['who may', { kind: 'user', id: 'ada' }, ['refund', 'succeeded', undefined]],
    ['an automation for who may', { kind: 'automation', id: 'desk', onBehalfOf: 'ada' }, ['refund', 'succeeded', undefined]],
    [
      'an automation for a key that may',
      { kind: 'automation', id: 'desk', onBehalfOf: 'key_00000000000000000000000001' },
      ['refund', 'succeeded', undefined],
    ],
    ['who may not', { kind: 'user', id: 'bob' }, FORBIDDEN],
    ['an automation for nobody', { kind: 'automation', id: 'desk' }, FORBIDDEN],
    ['a stranger', { kind: 'anonymous', id: 'anonymous' }, FORBIDDEN],
  ] as const)('started by an event of %s ends so', async (_who, actor, expected) => {
    expect(await ends('asked', actor)).toEqual([expected]);
    expect((await runtime.logged('refunded')).length).toBe(expected[1] === 'succeeded' ? 1 : 0);
  });

  it('may want an action that all rules know', async () => {
    expect(await ends('looked', bob)).toEqual([['reader', 'failed', 'runtime.forbidden']]);
    expect((await ends('looked', ada)).at(-1)).toEqual(['reader', 'succeeded', undefined]);
  });

  it('answers at its endpoint who may, whoever the endpoint is open to', async () => {
    expect(await runtime.call('refund', {}, ada)).toMatchObject({ status: 200, chunks: ['done'] });
    await expect(runtime.call('refund', {}, bob)).rejects.toMatchObject({ code: 'automations.execute_denied' });
    await expect(runtime.call('refund', {}, ANONYMOUS)).rejects.toMatchObject({ code: 'runtime.sign_in_needed' });
    expect(await runtime.records()).toHaveLength(1);
  });

  it('is run by hand by who may', async () => {
    const request = { workspace: WORKSPACE, slug: 'refund', payload: {}, idempotencyKey: '' };
    runtime.rights.rights.set('bob', ['read workspaces']);
    runtime.rights.rights.set('eve', ['execute automations']);
    expect(await runtime.automation.run(runtime.context({ ...ada, id: 'eve' }), request)).toMatchObject({ output: 'done' });
    await expect(runtime.automation.run(runtime.context(bob), request)).rejects.toMatchObject({ code: 'automations.execute_denied' });
  });

  it('is started by its own schedule, and called by no run that nobody caused', async () => {
    const trigger = { type: 'schedule', value: '@every 1h', id: 'evt_1' } as const;
    expect(await (await runtime.begin('refund', { trigger })).rest).toMatchObject({ ended: { output: 'done' } });
    expect(await (await runtime.begin('desk', { trigger })).rest).toMatchObject({ ended: { error: { code: 'runtime.forbidden' } } });
  });
});
