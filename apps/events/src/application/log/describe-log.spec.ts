import { describe, expect, it } from '@jest/globals';
import { KeptLog } from '../../../testing/kept-log';
import { DescribeLog } from './describe-log';

describe('what is shown of the log', () => {
  it('is how far it reaches, how full it is, and how far those are who read it', async () => {
    await using kept = new KeptLog(50_000_000);
    const describeLog = new DescribeLog({ eventLog: kept.eventLog, days: 30, abandoned: ['gone'] });
    expect(await describeLog.run()).toMatchObject({ first: 1n, last: 0n, firstRecordedAt: undefined, durables: [] });
    const began = kept.time.now();
    const durable = { filter: ['ws_1.>'], order: 'none', parallel: 1, attempts: 1, start: 'now' } as const;
    await (await kept.eventLog.consume({ ...durable, name: 'gone' }, async () => ({ kind: 'done' }))).stop(0);
    const buried = Promise.withResolvers<void>();
    const burying = await kept.eventLog.consume({ ...durable, name: 'works' }, async ({ id }) => {
      if (id === 'e3') buried.resolve();
      return id === 'e1' ? { kind: 'dead', reason: 'no' } : { kind: 'done' };
    });
    await kept.say(3);
    await buried.promise;
    await burying.stop(1_000);
    const { epoch } = await kept.eventLog.range();
    expect(await describeLog.run()).toMatchObject({
      ...{ epoch, first: 1n, last: 3n, firstRecordedAt: began, days: 30, capacity: 50_000_000, bytes: expect.any(Number) },
      durables: [
        { name: 'gone', lag: 3, oldestUndoneAt: began, deadLetters: 0, abandoned: true },
        { name: 'works', lag: 0, oldestUndoneAt: undefined, deadLetters: 1, abandoned: false },
      ],
    });
  });

  it('does not say when what was trimmed a moment ago was taken, and fails as the log does', async () => {
    await using kept = new KeptLog();
    await kept.say(2);
    const describeLog = new DescribeLog({ eventLog: kept.eventLog, days: 30, abandoned: [] });
    const { epoch } = await kept.eventLog.range();
    kept.eventLog.durables = async () => [{ name: 'slow', lag: 1, undone: { epoch, offset: 1n } }];
    await kept.eventLog.trim({ epoch, offset: 2n });
    expect((await describeLog.run()).durables).toMatchObject([{ name: 'slow', oldestUndoneAt: undefined }]);
    kept.eventLog.durables = async () => [{ name: 'slow', lag: 1, undone: { epoch: 'other', offset: 1n } }];
    await expect(describeLog.run()).rejects.toMatchObject({ code: 'log.epoch_changed' });
  });
});
