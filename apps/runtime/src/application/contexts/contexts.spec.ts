import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import type { LoadRequest, WriteRequest } from '@millrace/language';
import { SqliteKeyValue } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { DEFAULT_SIZES } from '../../domain/contexts/record';
import { Contexts } from './contexts';
import { RiggedBucket, SetClock } from './testing/rigging';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WS = 'ws_1';
const GLOBAL: LoadRequest = { context: 'global', instance: '', owner: '' };
const USER: LoadRequest = { context: 'user', instance: '', owner: 'ada' };

type Change = Pick<WriteRequest, 'path' | 'op' | 'value' | 'ttl' | 'expect'>;
const on = (name: LoadRequest, change: Change): WriteRequest => ({ ...name, ...change });
const set = (key: string, value: Json, name = GLOBAL): WriteRequest => on(name, { path: [key], op: 'replace', value });
const add = (key: string, name = GLOBAL): WriteRequest => on(name, { path: [key], op: 'increment' });
const refused = (code: string) => expect.objectContaining({ code });
const broken = (): never => {
  throw new DomainError('kv.unavailable', 'unavailable', 'The store is away.');
};

const clock = new SetClock();
const ids = new SystemIds(clock);
let store: SqliteKeyValue;
let bucket: RiggedBucket;
let contexts: Contexts;

/** As another process would see the same contexts. */
const elsewhere = (): Contexts => new Contexts(bucket, clock, ids);
const valueOf = async (name = GLOBAL): Promise<JsonMap> => (await contexts.load(WS, name)).value;
const flush = (run: string, number: number, ...writes: WriteRequest[]): Promise<void> => contexts.flush(WS, { run, number, writes });
const markers = async (): Promise<number> => {
  const [entry] = await bucket.list('');
  return new TextDecoder().decode(entry?.value).split('"run":').length - 1;
};

beforeEach(async () => {
  store = new SqliteKeyValue({ file: ':memory:', clock });
  bucket = new RiggedBucket(await store.bucket('contexts'));
  contexts = elsewhere();
});

afterEach(async () => {
  await store.close();
});

describe('loading', () => {
  it('gives {} with revision 0 when nobody has written', async () => {
    expect(await contexts.load(WS, GLOBAL)).toEqual({ revision: 0, value: {} });
  });

  it('gives what was written, with a revision that grows with every write', async () => {
    await flush('run_1', 0, set('a', 1));
    const first = await contexts.load(WS, GLOBAL);
    await flush('run_1', 1, set('a', 2));
    const second = await contexts.load(WS, GLOBAL);
    expect([first.value, second.value]).toEqual([{ a: 1 }, { a: 2 }]);
    expect(second.revision).toBeGreaterThan(first.revision);
  });

  it('leaves out keys whose time has come, and so does the next write', async () => {
    await flush('run_1', 0, on(GLOBAL, { path: ['a'], op: 'replace', value: 1, ttl: MINUTE }), set('b', 1));
    clock.time += MINUTE;
    expect(await valueOf()).toEqual({ b: 1 });
    await flush('run_1', 1, add('a'));
    expect(await valueOf()).toEqual({ a: 1, b: 1 });
  });

  it('keeps workspaces, kinds, instances and owners apart, whatever they are called', async () => {
    const names: LoadRequest[] = [
      ...['', '=', 'ada', 'ada@example.org', 'a/b', '*', '>', 'é'.repeat(400)].map((owner) => ({ ...USER, owner })),
      { ...USER, context: 'session' },
      { ...USER, instance: 'crm' },
      { ...USER, instance: 'crm.mail' },
      { ...USER, owner: ids.derive('own', 'ada@example.org') },
    ];
    for (const [index, name] of names.entries()) await flush('run_1', index, set('n', index, name));
    await contexts.flush('ws_2', { run: 'run_1', number: 0, writes: [set('n', 'other', USER)] });
    for (const [index, name] of names.entries()) expect(await valueOf(name)).toEqual({ n: index });
    expect(await Array.fromAsync(contexts.each(WS))).toHaveLength(names.length);
  });
});

describe('a flush', () => {
  it('is applied in order, each context for itself', async () => {
    await flush('run_1', 0, set('l', []), set('a', 1, USER), on(GLOBAL, { path: ['l'], op: 'push', value: 1 }), add('a', USER));
    expect([await valueOf(), await valueOf(USER)]).toEqual([{ l: [1] }, { a: 2 }]);
  });

  it('of nothing writes nothing', async () => {
    await flush('run_1', 0);
    expect(bucket.puts).toBe(0);
  });

  it('called again does nothing, here or elsewhere, in whatever order flushes come', async () => {
    await flush('run_1', 1, add('n'));
    await flush('run_1', 0, add('n'));
    await flush('run_1', 1, add('n'));
    await elsewhere().flush(WS, { run: 'run_1', number: 0, writes: [add('n')] });
    await flush('run_2', 0, add('n'));
    expect(await valueOf()).toEqual({ n: 3 });
  });

  it.each([
    ['before the second context is written', 0, 1],
    ['after the second context is written', 1, 2],
  ])('is completed by its repetition when it broke off %s', async (_, after, done) => {
    const rig = after === 1 ? 'afterPut' : 'beforePut';
    let calls = 0;
    bucket[rig] = () => (++calls === 2 ? broken() : undefined);
    await expect(flush('run_1', 0, add('n'), add('n', USER))).rejects.toEqual(refused('kv.unavailable'));
    expect(bucket.puts).toBe(done);
    await elsewhere().flush(WS, { run: 'run_1', number: 0, writes: [add('n'), add('n', USER)] });
    expect([await valueOf(), await valueOf(USER)]).toEqual([{ n: 1 }, { n: 1 }]);
  });

  it('loses nothing when many come at once, from here and elsewhere', async () => {
    const others = elsewhere();
    const run = (index: number) => ({
      run: `run_${index}`,
      number: 0,
      writes: [add('n'), on(GLOBAL, { path: ['l'], op: 'push', value: index })],
    });
    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? contexts : others).flush(WS, run(index))));
    const { n, l } = await valueOf();
    expect(n).toBe(20);
    expect(new Set(l as number[]).size).toBe(20);
  });

  it('goes on after one that failed', async () => {
    const outcomes = await Promise.allSettled([
      flush('run_1', 0, add('n')),
      flush('run_2', 0, on(GLOBAL, { path: ['n'], op: 'push' })),
      flush('run_3', 0, add('n')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await valueOf()).toEqual({ n: 2 });
  });

  it('that does not fit any more is refused with nothing of that context written', async () => {
    await flush('run_1', 0, set('n', 'text'));
    await expect(flush('run_2', 0, set('a', 1, USER), set('b', 1), add('n'))).rejects.toEqual(refused('language.type'));
    await expect(flush('run_3', 0, on(GLOBAL, { path: ['n', 'x'], op: 'replace', value: 1 }))).rejects.toEqual(
      refused('language.path_invalid'),
    );
    expect([await valueOf(), await valueOf(USER)]).toEqual([{ n: 'text' }, { a: 1 }]);
  });

  it('that makes a context too large is refused, and leaves no trace', async () => {
    const small = new Contexts(bucket, clock, ids, { sizes: { ...DEFAULT_SIZES, global: 40 } });
    await small.flush(WS, { run: 'run_1', number: 0, writes: [set('a', 'x'.repeat(20))] });
    const more = { run: 'run_2', number: 0, writes: [set('b', 'x'.repeat(20))] };
    await expect(small.flush(WS, more)).rejects.toMatchObject({ code: 'runtime.context_too_large', refusal: 'exhausted' });
    await small.flush(WS, { ...more, writes: [on(GLOBAL, { path: ['a'], op: 'delete' })] });
    await small.flush(WS, { ...more, number: 1, writes: [set('b', 'x'.repeat(20))] });
    expect(await valueOf()).toEqual({ b: 'x'.repeat(20) });
  });

  it('may make a context smaller that is too large since its limit was lowered', async () => {
    await flush('run_1', 0, set('a', 'x'.repeat(100)), set('b', 1));
    const small = new Contexts(bucket, clock, ids, { sizes: { ...DEFAULT_SIZES, global: 40 } });
    await small.flush(WS, { run: 'run_2', number: 0, writes: [on(GLOBAL, { path: ['b'], op: 'delete' })] });
    await expect(small.flush(WS, { run: 'run_2', number: 1, writes: [set('c', 1)] })).rejects.toEqual(refused('runtime.context_too_large'));
  });

  it('that no store would take is too large as well', async () => {
    const most = { ...DEFAULT_SIZES, global: 8 * 1024 * 1024 };
    const large = new Contexts(bucket, clock, ids, { sizes: most }).flush(WS, {
      run: 'run_1',
      number: 0,
      writes: [set('a', 'x'.repeat(1024 * 1024))],
    });
    await expect(large).rejects.toMatchObject({ code: 'runtime.context_too_large' });
  });

  it('gives up, saying so, when the key never stands still', async () => {
    bucket.beforePut = () =>
      bucket.put(
        `${WS}/=/global/=`,
        new TextEncoder().encode('{"v":1,"name":{},"record":{"revision":1,"value":{},"expiries":[],"markers":[]}}'),
      );
    await expect(flush('run_1', 0, add('n'))).rejects.toMatchObject({ code: 'runtime.write_contended', refusal: 'unavailable' });
  });
});

describe('a write whose result is awaited', () => {
  const write = (run: string, request: WriteRequest, number = 0) => contexts.write(WS, { run, number, request });
  const expecting = (value: Json, next: Json): WriteRequest => on(GLOBAL, { path: ['a'], op: 'replace', value: next, expect: { value } });

  it('gives the value at its path, the same however often it is asked for', async () => {
    const first = await write('run_1', add('n'));
    await flush('run_2', 0, add('n'));
    const { revision } = await contexts.load(WS, GLOBAL);
    expect(first).toEqual({ value: { revision: revision - 1, value: 1 } });
    expect(await write('run_1', add('n'))).toEqual(first);
    expect(await elsewhere().write(WS, { run: 'run_1', number: 0, request: add('n') })).toEqual(first);
    expect(await valueOf()).toEqual({ n: 2 });
  });

  it('that removes gives null', async () => {
    expect(await write('run_1', on(GLOBAL, { path: ['a'], op: 'delete' }))).toMatchObject({ value: { value: null } });
  });

  it('that expects something else is refused and leaves no trace', async () => {
    expect(await write('run_1', expecting(1, 2))).toMatchObject({ error: { code: 'runtime.context_conflict', refusal: 'conflict' } });
    expect(await bucket.list('')).toEqual([]);
    await flush('run_2', 0, set('a', 1));
    expect(await write('run_1', expecting(1, 2))).toMatchObject({ value: { value: 2 } });
    expect(await write('run_1', expecting(1, 2))).toMatchObject({ value: { value: 2 } });
  });

  it('lets one of many win who expect the same', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => write(`run_${index}`, expecting(null, index))));
    expect(answers.filter((answer) => 'value' in answer)).toHaveLength(1);
  });

  it('fails when the store does: that is no answer', async () => {
    bucket.beforePut = broken;
    await expect(write('run_1', add('n'))).rejects.toEqual(refused('kv.unavailable'));
    bucket.beforePut = () => {
      throw new Error('a fault');
    };
    await expect(write('run_1', add('n'))).rejects.toThrow('a fault');
  });
});

describe('markers', () => {
  it('stay until the run is settled, then go with the next write of the context', async () => {
    for (const number of [0, 1, 2]) await flush('run_1', number, add('n'));
    contexts.settle('run_1', 2);
    expect(await markers()).toBe(3);
    await flush('run_2', 0, add('n'));
    expect(await markers()).toBe(2);
    await flush('run_1', 2, add('n'));
    expect(await valueOf()).toEqual({ n: 4 });
    contexts.settle('run_1');
    contexts.settle('run_2');
    await flush('run_3', 0, add('n'));
    expect(await markers()).toBe(1);
  });

  it('of a run nobody here knows stay', async () => {
    await elsewhere().flush(WS, { run: 'run_1', number: 0, writes: [add('n')] });
    contexts.settle('run_1');
    await flush('run_2', 0, add('n'));
    expect(await markers()).toBe(2);
  });

  it('settled while a write was under way go with the one after it', async () => {
    await flush('run_1', 0, add('n'));
    await flush('run_2', 0, add('n'));
    contexts.settle('run_1');
    bucket.beforePut = () => contexts.settle('run_2');
    await flush('run_3', 0, add('n'));
    expect(await markers()).toBe(2);
    bucket.beforePut = () => undefined;
    await flush('run_4', 0, add('n'));
    expect(await markers()).toBe(2);
  });

  it('are gone after 31 days', async () => {
    await flush('run_1', 0, add('n'));
    clock.time += 31 * DAY;
    await flush('run_2', 0, add('n'));
    expect(await markers()).toBe(1);
  });

  it('do not count as size, and never leave with the value', async () => {
    const small = new Contexts(bucket, clock, ids, { sizes: { ...DEFAULT_SIZES, global: 10 } });
    for (let number = 0; number < 20; number++) await small.flush(WS, { run: 'run_1', number, writes: [set('a', number)] });
    expect(await contexts.load(WS, GLOBAL)).toEqual({ revision: expect.any(Number), value: { a: 19 } });
    expect(await Array.fromAsync(contexts.each(WS))).toEqual([{ ...GLOBAL, revision: expect.any(Number), size: 8 }]);
  });

  it('outlive the deletion of their context', async () => {
    await flush('run_1', 0, add('n'));
    await contexts.delete(WS, GLOBAL);
    await flush('run_1', 0, add('n'));
    expect(await contexts.load(WS, GLOBAL)).toEqual({ revision: 0, value: {} });
    expect(await Array.fromAsync(contexts.each(WS))).toEqual([]);
  });
});

describe('how long contexts live', () => {
  const of = (context: LoadRequest['context'], owner: string): LoadRequest => ({ context, instance: 'crm', owner });
  const write = (name: LoadRequest, more: { anonymous?: boolean } = {}): Promise<void> =>
    contexts.flush(WS, { run: 'run_1', number: clock.time, writes: [set('a', 1, name)], ...more });
  const isThere = async (name: LoadRequest): Promise<boolean> => (await contexts.load(WS, name)).revision > 0;

  it.each([
    ['an anonymous session an hour', of('session', 'ses_1'), { anonymous: true }, HOUR],
    ['a socket six hours', of('socket', 'soc_1'), {}, 6 * HOUR],
    ['a session 31 days', of('session', 'ses_1'), { anonymous: false }, 31 * DAY],
    ['a run a minute, when who writes may be in hand for five,', of('run', 'cor_1'), {}, 6 * MINUTE],
  ])('%s after the last write', async (_, name, more, life) => {
    await write(name, more);
    clock.time += life - 1;
    await write(name, more);
    clock.time += life - 1;
    expect(await isThere(name)).toBe(true);
    clock.time += 1;
    expect(await isThere(name)).toBe(false);
  });

  it('for ever, those of the workspace and of people', async () => {
    const names = [of('global', ''), of('config', ''), of('user', 'ada')];
    for (const name of names) await write(name, { anonymous: false });
    clock.time += 4_000 * DAY;
    expect(await Promise.all(names.map(isThere))).toEqual([true, true, true]);
  });

  it('no longer because a person changed them', async () => {
    const [session, run] = [of('session', 'ses_1'), of('run', 'cor_1')];
    await write(session, { anonymous: true });
    for (const name of [session, run]) await contexts.put(WS, name, { a: 2 });
    clock.time += 6 * MINUTE - 1;
    expect([await isThere(session), await isThere(run)]).toEqual([true, true]);
    clock.time += HOUR;
    expect([await isThere(session), await isThere(run)]).toEqual([false, false]);
  });
});

describe('for people', () => {
  it('contexts are listed by workspace, kind and owner', async () => {
    await flush('run_1', 0, set('a', 1), set('a', 1, USER), set('a', 1, { ...USER, context: 'session' }));
    const kinds = (list: readonly LoadRequest[]) => list.map(({ context }) => context).sort();
    expect(kinds(await Array.fromAsync(contexts.each(WS)))).toEqual(['global', 'session', 'user']);
    expect(kinds(await Array.fromAsync(contexts.each(WS, { context: 'user' })))).toEqual(['user']);
    expect(kinds(await Array.fromAsync(contexts.each(WS, { owner: 'ada' })))).toEqual(['session', 'user']);
    expect(await Array.fromAsync(contexts.each('ws'))).toEqual([]);
  });

  it('a context is replaced, changed and removed if it still has the revision they know', async () => {
    const made = await contexts.put(WS, USER, { a: 1, b: { c: 1 } }, 0);
    const patched = await contexts.patch(WS, USER, { a: null, b: { d: 2 } }, made.revision);
    expect(patched.value).toEqual({ b: { c: 1, d: 2 } });
    const changed = { code: 'runtime.precondition_failed', refusal: 'conflict', facts: { etag: String(patched.revision) } };
    await expect(contexts.put(WS, USER, {}, 0)).rejects.toMatchObject(changed);
    await expect(contexts.patch(WS, USER, {}, made.revision)).rejects.toMatchObject(changed);
    await expect(contexts.delete(WS, USER, made.revision)).rejects.toMatchObject(changed);
    await contexts.delete(WS, USER, patched.revision);
    expect(await contexts.load(WS, USER)).toEqual({ revision: 0, value: {} });
    expect(await bucket.list('')).toEqual([]);
  });

  it('a context is replaced, changed and removed whatever its revision when they name none', async () => {
    await contexts.put(WS, USER, { a: 1 });
    await contexts.patch(WS, USER, { b: 1 });
    await contexts.patch(WS, USER, {});
    expect(bucket.puts).toBe(2);
    expect(await valueOf(USER)).toEqual({ a: 1, b: 1 });
    await contexts.delete(WS, USER);
    await expect(contexts.delete(WS, USER)).rejects.toMatchObject({ code: 'runtime.context_not_found', refusal: 'not-found' });
  });

  it('what they write lives on, and what they leave alone goes when it was to go', async () => {
    const lease = (key: string): WriteRequest => on(USER, { path: [key], op: 'replace', value: 1, ttl: MINUTE });
    await flush('run_1', 0, lease('a'), lease('b'));
    await contexts.patch(WS, USER, { a: 2 });
    clock.time += MINUTE;
    expect(await valueOf(USER)).toEqual({ a: 2 });
    await flush('run_1', 1, lease('a'));
    await contexts.put(WS, USER, { a: 3 });
    clock.time += MINUTE;
    expect(await valueOf(USER)).toEqual({ a: 3 });
  });

  it('a context they would make too large stays as it is', async () => {
    const put = contexts.put(WS, USER, { a: 'x'.repeat(DEFAULT_SIZES.user) });
    await expect(put).rejects.toMatchObject({ code: 'runtime.context_too_large' });
    expect(await Array.fromAsync(contexts.each(WS))).toEqual([]);
  });
});
