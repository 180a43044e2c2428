import { describe, expect, it } from '@jest/globals';
import { handedOut, isWorkedOff, takenOn, type RedriveJob } from './redrive-job';

const job: RedriveJob = {
  ...{ id: 'rdr_1', workspaceId: 'ws_1', rate: 2, matched: 3, seen: 0, failedBy: 5 },
  ...{ by: { kind: 'user', id: 'ada' }, correlationId: 'c', due: 10 },
};

describe('a redrive', () => {
  it('is taken on when it is due, and by the next one when whoever has it is gone', () => {
    expect(takenOn(job, 9)).toBe(job);
    const inHand = takenOn(job, 10);
    expect(inHand).toMatchObject({ due: 60_010 });
    expect(takenOn(inHand, 60_009)).toBe(inHand);
    expect(takenOn(inHand, 60_010)).toMatchObject({ due: 120_010 });
  });

  it('goes on a second after it was taken on, until all were seen to', () => {
    const after = handedOut(takenOn(job, 10), 2, 10);
    expect(after).toMatchObject({ seen: 2, due: 1_010 });
    expect([isWorkedOff(after), isWorkedOff(handedOut(after, 1, 1_010))]).toEqual([false, true]);
  });
});
