import { describe, expect, it } from '@jest/globals';
import { persist, type Repeatable } from './persistence';
import { ApiProblem } from './problem';

const refused = (status: number, code: string, retryAfter?: number): ApiProblem => new ApiProblem(status, { code }, retryAfter);
const BROKEN = new TypeError('fetch failed');

/** Tries what fails with each of these in turn, then succeeds; answers how it went, and how long each pause was. */
async function tried(
  failures: readonly unknown[],
  repeatable: Repeatable = 'always',
  tries?: number,
): Promise<{ outcome: unknown; pauses: number[] }> {
  const left = [...failures];
  const pauses: number[] = [];
  const what = async (): Promise<string> => {
    if (left.length > 0) throw left.shift();
    return 'done';
  };
  const pause = async (milliseconds: number): Promise<void> => void pauses.push(milliseconds);
  const settings = { pause, chance: () => 1, ...(tries === undefined ? {} : { tries }) };
  const outcome = await persist(what, repeatable, settings).catch((error: unknown) => error);
  return { outcome, pauses };
}

describe('a call that is worth it', () => {
  it.each([
    ['the connection broke', BROKEN],
    ['a service was away', refused(503, 'wire.no_one_listens')],
    ['something between was away', refused(502, 'api.unknown')],
    ['no answer came in time', refused(504, 'wire.timeout')],
    ['the first one was still at work', refused(409, 'api.idempotency_running', 1)],
    ['there were too many', refused(429, 'api.rate_limited', 1)],
  ])('is made again when %s', async (_, error) => {
    expect((await tried([error])).outcome).toBe('done');
  });

  it.each([
    ['it does not fit', refused(400, 'api.invalid')],
    ['its caller may not', refused(403, 'runs.read_denied')],
    ['it contradicts what is there', refused(409, 'workspaces.slug_taken')],
    ['there is too much, and waiting does not help', refused(429, 'workspaces.too_many_files')],
    ['it failed', refused(500, 'api.internal')],
    ['something of ours is wrong', new RangeError('wrong')],
  ])('is not made again when %s', async (_, error) => {
    expect(await tried([error])).toEqual({ outcome: error, pauses: [] });
  });

  it('is made again only when it was surely not done, if a second time would be another', async () => {
    for (const error of [refused(503, 'wire.no_one_listens'), refused(429, 'api.rate_limited', 1)])
      expect((await tried([error], 'after-refusal')).outcome).toBe('done');
    for (const error of [BROKEN, refused(504, 'wire.timeout'), refused(503, 'documents.unavailable')])
      expect((await tried([error], 'after-refusal')).outcome).toBe(error);
  });

  it('is given up after so many tries, each after a longer pause', async () => {
    expect(await tried([BROKEN, BROKEN, BROKEN])).toEqual({ outcome: 'done', pauses: [250, 500, 1_000] });
    expect((await tried([BROKEN, BROKEN, BROKEN, BROKEN])).outcome).toBe(BROKEN);
    expect((await tried([BROKEN], 'always', 1)).outcome).toBe(BROKEN);
  });

  it('waits as long as it is told to, but not for ever', async () => {
    expect((await tried([refused(503, 'x.y', 7)])).pauses).toEqual([7_000]);
    const long = refused(429, 'x.y', 600);
    expect(await tried([long])).toEqual({ outcome: long, pauses: [] });
  });

  it('is given up when its caller does so', async () => {
    const gone = new AbortController();
    const what = async (): Promise<never> => {
      gone.abort();
      throw BROKEN;
    };
    await expect(persist(what, 'always', {}, gone.signal)).rejects.toBe(BROKEN);
    const going = new AbortController();
    const waiting = persist(() => Promise.reject(BROKEN), 'always', {}, going.signal);
    going.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow(/enough|fetch failed/);
  });
});
