import { describe, expect, it } from '@jest/globals';
import { seenTo, stopped, taken, worked, type ReplayJob } from './replay-job';

const job: ReplayJob = {
  ...{ id: 'rpl_1', workspaceId: 'ws_1', state: 'running', version: 'same', rate: 2, matched: 3, begun: 0, failed: 0, problems: [] },
  ...{ by: { kind: 'user', id: 'ada' }, correlationId: 'c', createdAt: 0, due: 10, unsure: false },
};
const problem = { run: 'run_2', code: 'runtime.start_unknown', message: 'Nobody knows.' };

describe('a replay', () => {
  it('is taken on when it is due, and by the next one when whoever has it is gone', () => {
    expect(taken(job, 9)).toBe(job);
    const inHand = taken(job, 10);
    expect(inHand).toMatchObject({ due: 60_010, unsure: true });
    expect(taken(inHand, 60_009)).toBe(inHand);
    expect(taken(inHand, 60_010)).toMatchObject({ due: 120_010 });
  });

  it('counts what was begun and what was not, and goes on a second after it was taken on', () => {
    const after = worked(taken(job, 10), [undefined, problem], { tried: 2, since: 10, now: 400 });
    expect(after).toMatchObject({ state: 'running', begun: 1, failed: 1, problems: [problem], due: 1_010, unsure: false });
    expect(seenTo(after)).toBe(2);
    expect(worked(after, [], { tried: 1, since: 1_010, now: 1_020 })).toMatchObject({ begun: 1, failed: 1, due: 2_010, unsure: true });
  });

  it('is done when all were seen to, and names the first problems only', () => {
    const many = { ...job, matched: 30 };
    const after = worked(many, Array<typeof problem>(30).fill(problem), { tried: 30, since: 10, now: 40 });
    expect(after).toMatchObject({ state: 'done', failed: 30, endedAt: 40 });
    expect(after.problems).toHaveLength(20);
  });

  it('is stopped once, and stays so though runs were in hand', () => {
    const cancelled = stopped(job, 20);
    expect(cancelled).toMatchObject({ state: 'cancelled', endedAt: 20 });
    expect(taken(cancelled, 100)).toBe(cancelled);
    const seen = worked(cancelled, [undefined, undefined, undefined], { tried: 3, since: 10, now: 30 });
    expect(seen).toMatchObject({ state: 'cancelled', begun: 3, endedAt: 20 });
    expect(() => stopped(cancelled, 30)).toThrow(expect.objectContaining({ code: 'runtime.replay_ended', refusal: 'conflict' }));
  });
});
