import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RuntimeService, WorkspacesService } from '@millrace/contracts';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { runtimeService } from '@millrace/runtime';
import { workspacesService } from '@millrace/workspaces';

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const ENDLESS = `
do:
  - repeat:
      until: 100000
      do:
        - repeat: { until: 100000, do: [{ set: { name: n, type: increment } }] }
`;

const HUGE = `
do:
  - set: { name: text, value: xxxxxxxxxxxxxxxx }
  - repeat: { until: 40, do: [{ set: { name: text, value: '{{text}}{{text}}' } }] }
`;

const MANY = `
do:
  - set: { name: kept, value: [] }
  - repeat: { until: 40, do: [{ set: { name: kept, type: merge, value: '{{kept}}' } }, { set: { name: kept, type: push, value: ${'y'.repeat(200)} } }] }
`;

const WIDE = `do:\n  - all: [${'[],'.repeat(9_999)}[]]\n`;

const RECURSIVE = 'do:\n  - deep: {}\n';

const WHILE_WAITING = `
timeout: 200ms
do:
  - wait: { oneOf: [{ event: never }], timeout: 1d }
`;

describe('a run that would never end', () => {
  let bench: ServiceBench;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService(), runtimeService({ MILLRACE_RUN_MAX_INSTRUCTIONS: '200000' }));
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const workspace = async (slug: string, source: string): Promise<string> => {
    const { createWorkspace, putAutomation, publishVersion } = WorkspacesService.method;
    const created = await bench.bus.call(
      createWorkspace,
      { name: `Limits ${slug} ${bench.platform.ids.mint('ws').slice(-8)}` },
      bench.as(ada),
    );
    const workspaceId = created.workspace?.id ?? '';
    await bench.bus.call(putAutomation, { workspaceId, slug, source: encode(source), ifMatch: '' }, bench.as(ada));
    await bench.bus.call(publishVersion, { workspaceId }, bench.as(ada));
    return workspaceId;
  };

  const run = (workspaceId: string, slug: string) =>
    bench.bus.call(RuntimeService.method.runAutomation, { workspaceId, slug }, { ...bench.as(ada), deadline: Date.now() + 60_000 });

  it.each([
    ['a loop in a loop', 'endless', ENDLESS, 'runtime.run_limit', /200000 instructions/],
    ['a text that doubles', 'huge', HUGE, /^language\.|runtime\.run_limit/, /./],
    ['a list that doubles', 'many', MANY, 'runtime.run_limit', /variables/],
    ['ten thousand branches', 'wide', WIDE, /^language\.|runtime\.run_limit/, /100/],
    ['an automation that calls itself', 'deep', RECURSIVE, 'runtime.depth_exceeded', /20/],
    ['a wait beyond the time of its automation', 'late', WHILE_WAITING, 'runtime.run_timeout', /./],
  ])('is stopped: %s', async (_, slug, source, code, message) => {
    const id = await workspace(slug, source);
    await expect(run(id, slug)).rejects.toMatchObject({ code: expect.stringMatching(code), message: expect.stringMatching(message) });
  });

  it('is stopped when it starts itself by events, and says so', async () => {
    const id = await workspace('again', 'when: { events: go }\ndo:\n  - emit: { event: go }\n');
    const actor = { kind: 'user', id: 'ada' } as const;
    const event = { id: bench.platform.ids.mint('evt'), workspaceId: id, type: 'go', time: 0, payload: encode('{}'), correlationId: 'c' };
    await bench.platform.eventLog.append([{ ...event, actor, source: {} }]);
    for await (const { payload } of bench.platform.eventLog.read('first', `${id}.error`, { live: true })) {
      expect(JSON.parse(decode(payload))).toMatchObject({ code: 'runtime.loop', automation: 'again' });
      break;
    }
  });

  it('holds up nobody else', async () => {
    const id = await workspace('endless', ENDLESS);
    const other = await workspace('quick', "do: []\noutput: 'done'\n");
    let isOver = false;
    const long = run(id, 'endless').catch(() => (isOver = true));
    const answers = await Promise.all(Array.from({ length: 20 }, () => run(other, 'quick')));
    expect(answers.map(({ output }) => decode(output))).toEqual(Array.from({ length: 20 }, () => '"done"'));
    expect(isOver).toBe(false);
    await long;
  });
});
