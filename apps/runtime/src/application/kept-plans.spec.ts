import { describe, expect, it } from '@jest/globals';
import { plan, type WorkspaceSources } from '@millrace/language';
import { KeptPlans, weightOf } from './kept-plans';

const ofSize = (characters: number): WorkspaceSources => ({
  automations: [{ file: 'automations/a.yaml', text: `do: [] #${'.'.repeat(characters)}` }],
});
const SMALL = ofSize(10);
const PLAN = plan(SMALL);
const ROOM = weightOf(SMALL);

const taking = (plans: KeptPlans, ...names: readonly string[]): void => {
  for (const name of names) plans.take(name, PLAN, SMALL);
};
const there = (plans: KeptPlans, ...names: readonly string[]): readonly boolean[] =>
  names.map((name) => plans.use(name)?.plan !== undefined);

describe('plans that are kept', () => {
  it('leave when there is no room for them, those first that were not used for longest', () => {
    const plans = new KeptPlans(2 * ROOM);
    taking(plans, 'a', 'b');
    plans.use('a');
    taking(plans, 'c');
    expect(there(plans, 'a', 'b', 'c')).toEqual([true, false, true]);
  });

  it('make room for a large one, and the large one stays however large it is', () => {
    const plans = new KeptPlans(2 * ROOM);
    taking(plans, 'a', 'b');
    plans.take('large', PLAN, ofSize(10_000));
    expect(there(plans, 'a', 'b', 'large')).toEqual([false, false, true]);
    taking(plans, 'a');
    expect(there(plans, 'large', 'a')).toEqual([false, true]);
  });

  it('count once, however often they come, and no more when they are forgotten', () => {
    const plans = new KeptPlans(2 * ROOM);
    taking(plans, 'a', 'b', 'b', 'b');
    expect(there(plans, 'a', 'b')).toEqual([true, true]);
    plans.forget('a');
    plans.forget('a');
    taking(plans, 'c');
    expect(there(plans, 'a', 'b', 'c')).toEqual([false, true, true]);
  });

  it('are waited for while they are on their way, and never leave before they are here', async () => {
    const plans = new KeptPlans(ROOM);
    const coming = Promise.resolve(PLAN);
    plans.expect('a', coming);
    taking(plans, 'b', 'c');
    expect(plans.use('a')).toEqual({ coming, weight: 0 });
    expect(there(plans, 'b', 'c')).toEqual([false, true]);
    plans.take('a', PLAN, SMALL);
    await expect(plans.use('a')?.coming).resolves.toBe(PLAN);
  });
});

describe('what a plan weighs', () => {
  it('grows with every text of it, those of its apps as well', () => {
    const workspace = { file: 'workspace.yaml', text: 'name: a' };
    const event = { file: 'events/a.yaml', text: 'schema: {}' };
    const whole = { ...SMALL, workspace, events: [event], apps: { crm: { ...SMALL, apps: { mail: SMALL } } } };
    expect(weightOf(whole)).toBe(3 * ROOM + weightOf({ automations: [workspace, event] }) - weightOf({ automations: [] }));
  });
});
