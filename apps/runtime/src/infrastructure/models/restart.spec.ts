import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RuntimeService } from '@millrace/contracts';
import { AdminServer } from '@millrace/observability';
import { start, type RunningService } from '@millrace/service';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { digestOf, Neighbourhood, neighbours, type Sources } from '../../../testing/neighbours';
import { runtimeService } from '../../runtime.module';

const WORKSPACE = 'ws_00000000000000000000000001';
const SOURCES: Sources = { a: 'when: { endpoint: { path: a, access: public } }\ndo: []\noutput: here' };

let bench: ServiceBench;
let runtime: RunningService;
let known: Neighbourhood;

beforeEach(async () => {
  known = new Neighbourhood();
  bench = await serviceBench(neighbours(known, async () => undefined));
  const bucket = await bench.platform.keyValue.bucket('active');
  await bucket.put(WORKSPACE, Buffer.from(JSON.stringify({ workspaceId: WORKSPACE, slug: 'a', digest: digestOf(SOURCES) })));
  known.models.set(digestOf(SOURCES), SOURCES);
  await begin();
});

afterEach(async () => {
  await runtime.stop();
  await bench[Symbol.asyncDispose]();
});

const begin = async (): Promise<void> => {
  runtime = await start(runtimeService({}), bench.platform, new AdminServer({ host: '127.0.0.1', port: 0 }));
};

const again = async (meanwhile: () => void | Promise<void>): Promise<void> => {
  await runtime.stop();
  await meanwhile();
  await begin();
};

/** Nobody has the version any more. */
const lost = (): void => known.models.clear();

const kept = (): string => join(bench.platform.scratch('runtime'), 'kept');

async function called(): Promise<string> {
  const request = { workspaceId: WORKSPACE, method: 'GET', path: 'a', query: '', body: new Uint8Array(), ip: '', headerLines: [] };
  let text = '';
  for await (const { part } of bench.bus.stream(RuntimeService.method.handleEndpoint, request, bench.as(person('ada')))) {
    if (part.case === 'head') text += Buffer.from(part.value.body).toString('utf8');
  }
  return text;
}

describe('a runtime that starts again', () => {
  it('fetches no version that it has fetched before', async () => {
    expect(await called()).toBe('here');
    await again(lost);
    expect(await called()).toBe('here');
  });

  it('fetches one anew whose file is cut off, and refuses the workspace while it cannot', async () => {
    await called();
    const cut = (): void => truncateSync(join(kept(), WORKSPACE, digestOf(SOURCES)), 10);
    await again(() => {
      cut();
      lost();
    });
    await expect(called()).rejects.toMatchObject({ code: 'runtime.model_unavailable' });
    known.models.set(digestOf(SOURCES), SOURCES);
    expect(await called()).toBe('here');
  });

  it('keeps nothing of a workspace in which nothing runs any more, whether that ended before or after', async () => {
    await called();
    const bucket = await bench.platform.keyValue.bucket('active');
    await again(() => bucket.delete(WORKSPACE));
    await runtime.stop();
    expect(readdirSync(kept())).toEqual([]);
    await bucket.put(WORKSPACE, Buffer.from(JSON.stringify({ workspaceId: WORKSPACE, slug: 'a', digest: digestOf(SOURCES) })));
    await begin();
    await called();
    await again(() => expect(readdirSync(kept())).toEqual([WORKSPACE]));
    await bucket.delete(WORKSPACE);
    await expect(called()).rejects.toMatchObject({ code: 'runtime.nothing_published' });
    await again(() => expect(readdirSync(kept())).toEqual([]));
  });
});
