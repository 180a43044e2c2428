import { EventsService, WorkspacesService } from '@millrace/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openStage, type Stage } from '../../../../testing/stage';

const { createWorkspace, publishVersion } = WorkspacesService.method;

describe('an Idempotency-Key', () => {
  let stage: Stage;
  let made = 0;

  beforeAll(async () => {
    stage = await openStage({
      handlers: [
        [createWorkspace, async ({ name }: { name: string }) => ({ workspace: { id: `ws_${++made}`, name, etag: '1' } })],
        [publishVersion, async () => ({ version: { id: `ver_${++made}` } })],
        [EventsService.method.emitEvents, async () => ({ events: [{ id: `evt_${++made}`, offset: 1n }] })],
      ],
    });
  });

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
  });

  const create = (key: string, name: string, more: Record<string, string> = {}): Promise<Response> =>
    stage.call('POST', '/v1/workspaces', { name }, { 'idempotency-key': key, ...more });

  it('gives who repeats a request the whole of the first answer', async () => {
    const first = await create('key-1', 'Mill');
    const again = await create('key-1', 'Mill');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    for (const name of ['location', 'etag', 'content-type']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect(await again.json()).toEqual(await first.json());
  });

  it('of another request is refused', async () => {
    await create('key-2', 'Mill');
    const other = await create('key-2', 'Pond');
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'api.idempotency_key_reused' }]);
  });

  it('is one for each place it is sent to', async () => {
    const [a, b] = await Promise.all(
      ['a', 'b'].map((workspace) => stage.call('POST', `/v1/workspaces/${workspace}/versions`, {}, { 'idempotency-key': 'key-3' })),
    );
    expect(await a?.json()).not.toEqual(await b?.json());
  });

  it('says nothing where a request is made again without it', async () => {
    const before = made;
    await create('key-4', 'Mill');
    await stage.call('POST', '/v1/workspaces', { name: 'Mill' });
    expect(made - before).toBe(2);
  });

  it.each(['', 'x'.repeat(65), 'two words', 'é'])('cannot be %j', async (key) => {
    const answer = await create(key, 'Mill');
    expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'api.idempotency_key_invalid' }]);
  });

  it('is not used up by a request that does not fit', async () => {
    expect((await create('key-5', '')).status).toBe(400);
    expect((await create('key-5', 'Mill')).status).toBe(201);
  });
});
