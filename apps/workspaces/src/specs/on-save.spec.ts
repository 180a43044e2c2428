import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DraftsService, VersionsService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { interrupted, Interruptions } from '../../testing/interrupted';
import { workspacesService } from '../index';

const { createWorkspace, deleteAutomation, getWorkspace, listVersions, putAutomation, updateWorkspace } = WorkspacesService.method;

describe('workspaces that publish on save', () => {
  const interruptions = new Interruptions();
  const ada = person('ada');
  let bench: ServiceBench;
  let workspaceId: string;
  let count = 0;

  beforeAll(async () => {
    bench = await serviceBench(interrupted(workspacesService(), interruptions));
  });

  const open = async (): Promise<void> => {
    count += 1;
    const { workspace } = await bench.bus.call(createWorkspace, { name: `Mill ${count}` }, bench.as(ada));
    workspaceId = workspace?.id ?? '';
    await wants('on-save');
  };

  beforeEach(open);

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const wants = (publishing: string) =>
    bench.bus.call(updateWorkspace, { workspaceId, ifMatch: '*', settings: { publishing } }, bench.as(ada));
  const put = (slug: string, output: string) =>
    bench.bus.call(putAutomation, { workspaceId, slug, ifMatch: '*', source: Buffer.from(`do: []\noutput: '${output}'\n`) }, bench.as(ada));
  const create = (slug: string) =>
    bench.bus.call(putAutomation, { workspaceId, slug, ifNoneMatch: '*', source: Buffer.from('do: []\n') }, bench.as(ada));
  const versions = async () => {
    const { items } = await bench.bus.call(listVersions, { workspaceId }, bench.as(ada));
    return items.map(({ number, author, changes }) => [number, author, changes]);
  };
  const running = async () => (await bench.bus.call(getWorkspace, { workspaceId }, bench.as(ada))).workspace?.activeVersion?.number ?? 0;
  const drain = async (): Promise<void> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
  };
  const runs = async (number: number): Promise<void> => {
    const deadline = Date.now() + 50_000;
    for (await drain(); (await running()) !== number; await drain()) {
      if (Date.now() > deadline) throw new Error(`Version ${number} did not run in 50 s.`);
      await new Promise(setImmediate);
    }
  };

  it('publish a burst of changes once, as who made the last', async () => {
    for (const slug of ['one', 'two', 'three']) await create(slug);
    await runs(1);
    expect(await versions()).toEqual([[1, 'ada', 3]]);
    await bench.bus.call(deleteAutomation, { workspaceId, slug: 'two', ifMatch: '*' }, bench.as(ada));
    await runs(2);
    expect(await versions()).toEqual([
      [2, 'ada', 1],
      [1, 'ada', 3],
    ]);
  });

  it('keep a draft with errors to themselves until a change mends it', async () => {
    const apply = (text: string) => {
      const files = { 'automations/one.yaml': text };
      return bench.bus.call(
        DraftsService.method.applyDraft,
        { workspaceId, ifMatch: '*', files, prefer: 'handling=lenient' },
        bench.as(ada),
      );
    };
    await apply('do: []\n');
    await runs(1);
    await apply('do: [{ nothing.of.the.kind: {} }, 7]\n');
    await create('other');
    await apply("do: []\noutput: 'mended'\n");
    await runs(2);
    expect(await versions()).toEqual([
      [2, 'ada', 2],
      [1, 'ada', 1],
    ]);
  });

  it('publish after all when the store was away', async () => {
    await create('one');
    await runs(1);
    await put('one', 'again');
    interruptions.fail('releases', 'update');
    await runs(2);
  });

  it('let people go back to an earlier version, until the next change', async () => {
    await create('one');
    await runs(1);
    await put('one', 'newer');
    await runs(2);
    await bench.bus.call(VersionsService.method.activateVersion, { workspaceId, version: '1' }, bench.as(ada));
    await put('one', 'newer');
    expect(await running()).toBe(1);
    await put('one', 'newest');
    await runs(3);
  });

  it('publish nothing by themselves once they are told not to', async () => {
    expect((await wants('')).workspace?.settings?.publishing).toBe('manual');
    await create('one');
    const quiet = workspaceId;
    await open();
    await create('two');
    await runs(1);
    workspaceId = quiet;
    expect(await versions()).toEqual([]);
  });
});
