import { describe, expect, it } from '@jest/globals';
import { ANONYMOUS } from '@millrace/kernel';
import type { WorkspaceSources } from '@millrace/language';
import { Log } from '@millrace/observability';
import { VirtualTime } from '@millrace/testing';
import { Models } from './models';
import { ActiveVersions, ModelSource, type ActiveVersion, type DraftModel } from './ports/models';

class Silent extends Log {
  override debug(): void {}
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}

class Told extends ActiveVersions {
  readonly versions = new Map<string, ActiveVersion>();

  override find(workspace: string): Promise<ActiveVersion | undefined> {
    return Promise.resolve(this.versions.get(workspace));
  }
}

class Counted extends ModelSource {
  fetched: string[] = [];
  away = false;
  /** Versions that are on their way: they come when this is called. */
  comes: (() => void) | undefined;
  slow = false;

  override version(workspaceId: string, digest: string): Promise<WorkspaceSources> {
    this.fetched.push(`${workspaceId}/${digest}`);
    if (this.away) return Promise.reject(new Error('nobody answers'));
    const workspace = { file: 'workspace.yaml', text: 'limits: { repeatMax: 5, allMax: 90 }' };
    const sources = { workspace, automations: [{ file: 'automations/a.yaml', text: 'do: []' }] };
    if (!this.slow) return Promise.resolve(sources);
    return new Promise((resolve) => {
      this.comes = () => resolve(sources);
    });
  }

  override draft(): Promise<DraftModel> {
    return Promise.resolve({ digest: 'draft-1', sources: { automations: [] } });
  }
}

function models(memory = Infinity) {
  const time = new VirtualTime(0);
  const stale: number[] = [];
  const active = new Told();
  const source = new Counted();
  for (const name of ['a', 'b']) active.versions.set(name, { workspaceId: name, slug: name, digest: '1' });
  return {
    active,
    source,
    time,
    stale,
    models: new Models(active, source, new Silent(), {
      memory,
      limits: { passes: 10, branches: 3 },
      alarms: time,
      clock: time,
      onStale: () => stale.push(time.now()),
    }),
  };
}

describe('Models', () => {
  it('compiles a version once, however many ask at once', async () => {
    const { source, models: all } = models();
    const [one, other] = await Promise.all([all.get('a'), all.get('a')]);
    expect(one.plan).toBe(other.plan);
    expect(source.fetched).toEqual(['a/1']);
  });

  it('lets the version go that was not used for longest', async () => {
    const { source, models: all } = models(1);
    for (const name of ['a', 'b', 'b', 'a']) await all.get(name);
    expect(source.fetched).toEqual(['a/1', 'b/1', 'a/1']);
  });

  it('lets drafts that are tested go as well', async () => {
    const { source, models: all } = models(12_000);
    const anyone = { principal: ANONYMOUS, correlationId: 'req_1', deadline: Infinity };
    await all.get('a');
    for (const workspace of ['c', 'd']) await all.draft(workspace, anyone);
    await all.version('d', 'draft-1');
    await all.version('c', 'draft-1');
    await all.get('a');
    expect(source.fetched).toEqual(['a/1', 'a/1']);
  });

  it('lets go of every version of a workspace, and of no other', async () => {
    const { active, source, models: all } = models();
    active.versions.set('ab', { workspaceId: 'ab', slug: 'ab', digest: '1' });
    for (const name of ['a', 'ab']) await all.get(name);
    all.forget('a');
    for (const name of ['a', 'ab']) await all.get(name);
    expect(source.fetched).toEqual(['a/1', 'ab/1', 'a/1']);
  });

  it('takes the version that runs now, not the one it knows', async () => {
    const { active, source, models: all } = models();
    await all.get('a');
    active.versions.set('a', { workspaceId: 'a', slug: 'a', digest: '2' });
    expect((await all.get('a')).digest).toBe('2');
    expect(source.fetched).toEqual(['a/1', 'a/2']);
  });

  it('refuses what it cannot load, and tries again the next time', async () => {
    const { source, models: all } = models();
    source.away = true;
    await expect(all.get('a')).rejects.toMatchObject({ code: 'runtime.model_unavailable' });
    source.away = false;
    await expect(all.get('a')).resolves.toMatchObject({ digest: '1' });
  });

  it('refuses a workspace whose newest version does not come in time, counts it, and runs no older one', async () => {
    const { active, source, time, stale, models: all } = models();
    await all.get('a');
    active.versions.set('a', { workspaceId: 'a', slug: 'a', digest: '2' });
    source.slow = true;
    const refused = expect(all.get('a')).rejects.toMatchObject({ code: 'runtime.model_unavailable' });
    await time.advance(1_999);
    expect(stale).toEqual([]);
    await time.advance(1);
    await refused;
    expect(stale).toEqual([2_000]);
    source.comes?.();
    expect((await all.get('a')).digest).toBe('2');
    expect(source.fetched).toEqual(['a/1', 'a/2']);
  });

  it('allows runs what the server allows and their workspace does not lower', async () => {
    const { models: all } = models();
    expect((await all.get('a')).plan.limits).toMatchObject({ passes: 5, branches: 3 });
    expect((await all.version('a', '1')).limits).toMatchObject({ passes: 5, branches: 3 });
    const anyone = { principal: ANONYMOUS, correlationId: 'req_1', deadline: Infinity };
    expect((await all.draft('a', anyone)).plan.limits).toMatchObject({ passes: 10, branches: 3 });
  });

  it('knows nothing of a workspace that runs nothing', async () => {
    const { models: all } = models();
    expect(await all.find('c')).toBeUndefined();
    await expect(all.get('c')).rejects.toMatchObject({ code: 'runtime.nothing_published' });
  });
});
