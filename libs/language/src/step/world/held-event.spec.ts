import { describe, expect, it } from '@jest/globals';
import type { JsonMap } from '@millrace/kernel';
import { plan } from '../../plan/compile';
import { start, step } from '../step';
import type { Begin } from '../turn';

const begin: Begin = {
  ...{ run: 'run_1', slug: 'a', locals: {}, trigger: { type: 'test', value: 'a' }, workspaceId: 'ws_1', correlationId: 'cor_1' },
  ...{ depth: 1, identity: {}, seed: 'seed', now: 0 },
};

/** A run of these instructions, in a workspace that declares `known`. */
function began(instructions: string, unknownEvents?: 'warn' | 'refuse') {
  const planned = plan({
    automations: [{ file: 'automations/a.yaml', text: `do: [${instructions}]\n` }],
    events: [{ file: 'events/known.yaml', text: 'title: Known\n' }],
  });
  return { planned, turn: start(planned, { ...begin, ...(unknownEvents === undefined ? {} : { unknownEvents }) }) };
}

describe('an event that nobody declares', () => {
  it('is published as it is, with a warning, or not at all, as the workspace says', () => {
    const surprise = '{ emit: { event: surprise } }';
    expect(began(surprise).turn.effects[0]?.request).not.toHaveProperty('violations');
    expect(began(surprise, 'warn').turn.effects[0]?.request).toMatchObject({
      violations: [{ pointer: '', detail: 'is of no declared type' }],
    });
    expect(began(surprise, 'refuse').turn).toMatchObject({
      effects: [],
      ended: { error: { code: 'events.type_undeclared', refusal: 'invalid' } as JsonMap },
    });
    for (const event of ['known', 'notification.requested']) {
      const { turn } = began(`{ emit: { event: ${event}, payload: { to: { users: [a] } } } }`, 'refuse');
      expect(turn).toMatchObject({ effects: [{ kind: 'emit' }] });
    }
  });

  it('is refused chunk by chunk', () => {
    const { planned, turn } = began('{ fetch: { url: "http://a", stream: { event: surprise } } }', 'refuse');
    const next = step(planned, turn.state, [{ effect: '0', at: 1, value: { status: 200, body: 'x' } }]);
    expect(next.ended).toMatchObject({ error: { code: 'events.type_undeclared' } as JsonMap });
  });
});

describe('a value of a configuration', () => {
  it('does not run out by itself', () => {
    const { turn } = began('{ set: { name: config.x, value: 1, ttl: 1h } }');
    expect(turn.ended).toMatchObject({ error: { code: 'language.argument_type' } as JsonMap });
  });
});
