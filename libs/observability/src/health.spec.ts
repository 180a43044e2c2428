import { describe, expect, it } from '@jest/globals';
import { Health } from './health';

describe('the health of a service', () => {
  it('asks a dependency once for all who ask at a time, and again for who asks later', async () => {
    const health = new Health('events');
    let times = 0;
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    health.depend('log', () => {
      times += 1;
      return times === 1 ? answer : Promise.reject(new Error('gone'));
    });
    const reports = [health.report(), health.report()];
    resolve();
    const ok = { dependencies: [{ name: 'log', ok: true }] };
    expect(await Promise.all(reports)).toMatchObject([ok, ok]);
    expect(times).toBe(1);
    expect(await health.report()).toMatchObject({ dependencies: [{ name: 'log', ok: false, reason: 'gone' }] });
  });

  it('is that of the moment of the answer, for who stops meanwhile', async () => {
    const health = new Health('events');
    const { promise: answer, resolve } = Promise.withResolvers<void>();
    health.depend('log', () => answer);
    health.setServing(true);
    const report = health.report();
    health.setServing(false);
    resolve();
    expect(await report).toMatchObject({ started: true, ready: false });
  });
});
