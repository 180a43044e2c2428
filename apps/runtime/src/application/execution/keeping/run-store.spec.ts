import { describe, expect, it } from '@jest/globals';
import type { Entry } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { runKey } from '../../../domain/run';
import { MemoryBlobs } from '../../testing/told';
import { Workbench, WORKSPACE } from '../../testing/workbench';
import { Fenced, RunStore } from './run-store';

/** A run that is kept in one workspace, and as many as are asked for in another. */
async function bench(others: number) {
  const ports = memoryPorts();
  const workbench = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, { main: 'do: [{ sleep: { for: 1d } }]' });
  await (
    await workbench.begin('main')
  ).rest;
  const [kept] = await workbench.engine.store.list(WORKSPACE);
  if (kept === undefined) throw new Error('the run is kept');
  const bucket = await ports.keyValue.bucket('runs');
  const blobs = new MemoryBlobs();
  const store = new RunStore(bucket, blobs);
  const named = (n: number) => ({ ...kept, run: { ...kept.run, workspaceId: 'ws_other', id: `run_${n}` } });
  for (let n = 0; n < others; n++) await store.write(named(n), 0);
  return { bucket, blobs, store, kept, named };
}

describe('the runs that are kept', () => {
  it('are read of one workspace without those of the others', async () => {
    const { bucket, store, kept } = await bench(250);
    const read: (readonly Entry[])[] = [];
    const pages = bucket.pages.bind(bucket);
    bucket.pages = async function* (prefix, size) {
      for await (const entries of pages(prefix, size)) {
        read.push(entries);
        yield entries;
      }
    };
    expect((await store.list(WORKSPACE)).map(({ run }) => run.id)).toEqual([kept.run.id]);
    expect(read.flat().map(({ key }) => key)).toEqual([runKey(kept.run)]);
    read.length = 0;
    expect(await store.list('ws_other')).toHaveLength(250);
    expect(read.map(({ length }) => length)).toEqual([100, 100, 50]);
  });

  it('are not listed whose checkpoint goes while they are read, and all others are', async () => {
    const { blobs, store, named } = await bench(1);
    await store.write({ ...named(1), state: 'x'.repeat(300_000) }, 0);
    for (const blob of await blobs.list()) await blobs.remove(blob);
    expect((await store.list('ws_other')).map(({ run }) => run.id)).toEqual(['run_0']);
  });

  it('are forgotten page by page, ended or not, and nobody goes on with one', async () => {
    const { bucket, blobs, store, kept, named } = await bench(25);
    await store.remove(named(0).run);
    const revision = (await store.read(named(1).run))?.revision ?? 0;
    const large = { ...named(2), state: 'x'.repeat(300_000) };
    await store.write(large, (await store.read(large.run))?.revision ?? 0);
    for (const blob of await blobs.list()) await blobs.remove(blob);
    const told: string[] = [];
    const pages: number[] = [];
    const page = () => store.forget('ws_other', 10, async ({ run }) => void told.push(run.id));
    for (let count = await page(); count > 0; count = await page()) pages.push(count);
    expect([pages, told.length]).toEqual([[10, 10, 5], 23]);
    expect(await bucket.list(runKey({ workspaceId: 'ws_other', id: '' }))).toEqual([]);
    expect(await store.write(named(1), revision)).toBeUndefined();
    await expect(store.guard(named(1).run, revision)).rejects.toThrow(Fenced);
    expect(await store.list(WORKSPACE)).toEqual([kept]);
  });

  it('are not forgotten while what they are in cannot be read', async () => {
    const { blobs, store, named } = await bench(0);
    await store.write({ ...named(1), state: 'x'.repeat(300_000) }, 0);
    blobs.read = () => Promise.reject(new Error('The store is away.'));
    await expect(store.forget('ws_other', 10, () => Promise.resolve())).rejects.toThrow('away');
  });
});
