import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments } from '@millrace/documents';
import { Alarms, Clock, DomainError, Ids } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { person } from '@millrace/testing';
import { JOBS } from '../../infrastructure/collections';
import { JobBook } from '../jobs/job-book';
import type { ImportBook } from './import-attempt';
import { ImportJobs } from './import-jobs';
import type { ImportDone, Underway } from './import-workspace';

const HOUR = 3_600_000;
const LEASE = 30_000;
const ASKED = { ref: 'bytes', prune: false, dryRun: false };
const DONE = { report: [], plan: {} } as unknown as ImportDone;
const away = new DomainError('blobs.unavailable', 'unavailable', 'Away.');

class HandClock extends Clock {
  time = 1_000;

  override now(): number {
    return this.time;
  }
}

class HandAlarms extends Alarms {
  readonly rings = new Set<() => void>();

  override set(_at: number, ring: () => void): () => void {
    this.rings.add(ring);
    return () => this.rings.delete(ring);
  }
}

class CountedIds extends Ids {
  private count = 0;

  override mint(prefix: string): string {
    return `${prefix}_${(this.count += 1)}`;
  }

  override derive(prefix: string): string {
    return prefix;
  }
}

describe('callers of imports', () => {
  const context: CallContext = { principal: person('ada'), correlationId: 'cor_1', deadline: 9 };
  const clock = new HandClock();
  let documents: SqliteDocuments;
  let book: ImportBook;
  let alarms: HandAlarms;
  let discarded: string[];
  let faults: unknown[];
  /** What imports do, in their order. */
  let works: ((underway: Underway) => Promise<ImportDone>)[];
  let begun: PromiseWithResolvers<void>;

  beforeEach(async () => {
    documents = await SqliteDocuments.open(':memory:');
    book = new JobBook(await documents.collection(JOBS));
    alarms = new HandAlarms();
    [discarded, faults, works] = [[], [], []];
    begun = Promise.withResolvers<void>();
  });

  afterEach(() => documents.close());

  const jobs = () =>
    new ImportJobs({
      imports: {
        run: (_context, _asked, underway) => {
          begun.resolve();
          return works.shift()?.(underway) ?? Promise.resolve(DONE);
        },
      },
      staged: { discard: async (ref) => void discarded.push(ref) },
      failed: (_job, error) => void faults.push(error),
      ...{ book, clock, alarms, ids: new CountedIds() },
    });

  const held = () => {
    const { promise, resolve, reject } = Promise.withResolvers<ImportDone>();
    works.push(() => promise);
    return { resolve: () => resolve(DONE), reject };
  };

  it('are answered when it is done in time, and nothing is written of it; refusals reach them', async () => {
    const service = jobs();
    expect(await service.run(context, ASKED, 10)).toBe(DONE);
    works.push(() => Promise.reject(away));
    await expect(service.run(context, ASKED, 10)).rejects.toBe(away);
    expect([discarded, await book.find('job_1'), await book.find('job_2'), alarms.rings.size]).toEqual([
      ['bytes', 'bytes'],
      undefined,
      undefined,
      0,
    ]);
  });

  it('are told of a job when it takes longer, and it says itself what came of it', async () => {
    const [service, work] = [jobs(), held()];
    const answer = service.run(context, ASKED, 10);
    await begun.promise;
    for (const ring of alarms.rings) ring();
    expect(await answer).toBe('job_1');
    expect(await book.find('job_1')).toMatchObject({ state: 'running', asked: ASKED, correlationId: 'cor_1', by: { id: 'ada' } });
    clock.time += 20_000;
    await service.beat();
    expect(await book.find('job_1')).toMatchObject({ due: clock.time + LEASE });
    work.resolve();
    await service.settled();
    expect([(await book.find('job_1'))?.state, discarded]).toEqual(['done', ['bytes']]);
  });

  it('are answered what came of it when it ended while they were told of a job no more', async () => {
    works.push(() => {
      for (const ring of alarms.rings) ring();
      return Promise.resolve(DONE);
    });
    const [service, work] = [jobs(), held()];
    works.reverse();
    const answer = service.run(context, ASKED, 10);
    await begun.promise;
    work.resolve();
    for (const ring of alarms.rings) ring();
    expect([DONE, 'job_1']).toContain(await answer);
    await service.settled();
    expect((await book.find('job_1'))?.state ?? 'done').toBe('done');
  });

  it('have it tried again while what it needs is away, for an hour; then it says so', async () => {
    const service = jobs();
    works.push(
      () => Promise.reject(away),
      () => Promise.reject(away),
      () => Promise.reject(away),
    );
    const id = (await service.run(context, ASKED, 0)) as string;
    await service.settled();
    expect([(await book.find(id))?.state, discarded]).toEqual(['running', []]);
    await service.takeOver();
    expect(works).toHaveLength(2);
    clock.time += LEASE;
    await service.takeOver();
    expect([(await book.find(id))?.state, works.length]).toEqual(['running', 1]);
    clock.time += HOUR;
    await service.takeOver();
    expect(await book.find(id)).toMatchObject({ state: 'failed', problem: { code: 'blobs.unavailable' } });
    expect([discarded, faults]).toEqual([['bytes'], []]);
  });

  it('learn of a fault only that there was one; operators learn which', async () => {
    const service = jobs();
    const fault = new Error('secret');
    works.push(
      () => Promise.reject(fault),
      () => Promise.reject(fault),
    );
    const id = (await service.run(context, ASKED, 0)) as string;
    await service.settled();
    expect(await book.find(id)).toMatchObject({ state: 'failed', problem: { code: 'workspaces.job_broken' } });
    await expect(service.run(context, ASKED, 10)).rejects.toBe(fault);
    expect(faults).toEqual([fault]);
  });

  it('have it gone on with by one of those that find it, with what was planned before', async () => {
    const planned: unknown[] = [];
    const first = jobs();
    works.push(async (underway) => {
      underway.advance(2, 3);
      await underway.plan({ unchanged: 7 } as never);
      throw away;
    });
    const id = (await first.run(context, ASKED, 0)) as string;
    await first.settled();
    expect(await book.find(id)).toMatchObject({ progress: { done: 2, total: 3 }, known: { unchanged: 7 } });
    clock.time += LEASE;
    works.push(async (underway) => {
      planned.push(underway.planned);
      return DONE;
    });
    await Promise.all([jobs().takeOver(), jobs().takeOver()]);
    expect([planned, works.length]).toEqual([[{ unchanged: 7 }], 0]);
    expect((await book.find(id))?.state).toBe('done');
  });

  it('have all of theirs forgotten, page by page', async () => {
    const service = jobs();
    for (let index = 0; index < 101; index += 1) await service.run(context, ASKED, 0);
    await service.settled();
    clock.time += 24 * HOUR - 1;
    await service.sweep();
    expect(await book.find('job_101')).toBeDefined();
    await book.forget('bob');
    expect(await book.find('job_1')).toBeDefined();
    await book.forget('ada');
    expect([await book.find('job_1'), await book.find('job_101')]).toEqual([undefined, undefined]);
  });
});
