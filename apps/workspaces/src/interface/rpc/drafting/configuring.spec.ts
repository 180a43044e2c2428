import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigService, DraftsService, WorkspacesService } from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { getConfig, setConfig } = ConfigService.method;
const { applyDraft, getFileText } = DraftsService.method;
const bytes = (value: Json): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
const json = (value: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(value));

const WRITTEN = `# ours
name: Hotel
config:
  schema:
    type: object
    properties: { rooms: { type: integer }, url: { type: string }, limit: { type: integer } }
    required:
      - rooms
  # how many there are
  value:
    rooms: 12 # counted
    url: 'https://a.test'
timeZone: Europe/Paris # here
`;

describe('the configuration of a workspace', () => {
  let bench: ServiceBench;
  let made = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(
      workspacesService({ MILLRACE_WORKSPACE_CONFIG_CONFIG_9_URL: 'https://b.test', MILLRACE_WORKSPACE_CONFIG_config_9_LIMIT: 'many' }),
    );
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (files: Readonly<Record<string, string>>): Promise<string> => {
    made += 1;
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: `Config ${made}` }, bench.as(ada));
    const workspaceId = workspace?.id ?? '';
    await bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files }, bench.as(ada));
    return workspaceId;
  };
  const get = async (workspaceId: string) => (await bench.bus.call(getConfig, { workspaceId }, bench.as(ada))).config;
  const set = async (workspaceId: string, value: Json, more: object = {}) =>
    (await bench.bus.call(setConfig, { workspaceId, value: bytes(value), ifMatch: '*', ...more }, bench.as(ada))).config;
  const textOf = async (workspaceId: string) =>
    (await bench.bus.call(getFileText, { workspaceId, path: 'workspace.yaml' }, bench.as(ada))).file?.text;

  it('is neither read nor written in a file that is nested without end', async () => {
    const workspaceId = await create({});
    const deep = Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join('');
    const files = { 'workspace.yaml': deep };
    await bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files, prefer: 'handling=lenient' }, bench.as(ada));
    await expect(get(workspaceId)).rejects.toMatchObject({ code: 'workspaces.document_unreadable' });
    await expect(set(workspaceId, { a: 1 })).rejects.toMatchObject({ code: 'workspaces.document_unreadable' });
  });

  it('says where each value would come from', async () => {
    made = 8;
    const workspaceId = await create({
      'workspace.yaml': WRITTEN.replace("    url: 'https://a.test'\n", '').replace(
        'url: { type: string }',
        'url: { type: string }, town: { default: Lac }',
      ),
    });
    const config = await get(workspaceId);
    expect([config?.sources, json(config?.value)]).toEqual([
      { rooms: 'workspace', url: 'environment', limit: 'refused', town: 'default' },
      { rooms: 12 },
    ]);
  });

  it('is written where it stands, and comments beside it stay', async () => {
    const workspaceId = await create({ 'workspace.yaml': WRITTEN });
    const before = await get(workspaceId);
    expect([json(before?.value), before?.etag, before?.updatedBy]).toEqual([{ rooms: 12, url: 'https://a.test' }, '1', 'ada']);
    const changed = await set(workspaceId, { rooms: 12, limit: 3 }, { ifMatch: '1' });
    expect([json(changed?.value), changed?.etag]).toEqual([{ rooms: 12, limit: 3 }, '2']);
    expect(await textOf(workspaceId)).toBe(WRITTEN.replace("    url: 'https://a.test'\n", '    limit: 3\n'));
    await expect(set(workspaceId, { rooms: 1 }, { ifMatch: '1' })).rejects.toMatchObject({
      code: 'workspaces.precondition_failed',
      facts: { etag: '2', updatedBy: 'ada' },
    });
    await expect(set(workspaceId, { rooms: 1 }, { ifMatch: '' })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
  });

  it('is what its schema allows; what names a secret may be anything', async () => {
    const workspaceId = await create({ 'workspace.yaml': WRITTEN });
    await expect(set(workspaceId, { rooms: 'many' })).rejects.toMatchObject({
      code: 'workspaces.config_invalid',
      errors: [{ pointer: '/value/rooms' }],
    });
    await expect(set(workspaceId, {})).rejects.toMatchObject({ code: 'workspaces.config_invalid' });
    await expect(set(workspaceId, [1])).rejects.toMatchObject({ code: 'workspaces.config_not_object' });
    expect(json((await set(workspaceId, { rooms: '{{secret.ROOMS}}' }))?.value)).toEqual({ rooms: '{{secret.ROOMS}}' });
    await expect(set(workspaceId, { rooms: 1 }, { schema: bytes({ type: 'object', required: ['x'] }) })).rejects.toMatchObject({
      code: 'workspaces.config_invalid',
    });
  });

  it('loses nothing of what others write beside it', async () => {
    const workspaceId = await create({ 'workspace.yaml': WRITTEN });
    const apply = (n: number) => {
      const files = { 'workspace.yaml': WRITTEN.replace('# ours', `# ours ${n}`) };
      return bench.bus.call(applyDraft, { workspaceId, ifMatch: '*', files }, bench.as(ada));
    };
    await Promise.all([apply(1), set(workspaceId, { rooms: 1 }), apply(2), set(workspaceId, { rooms: 2 })]);
    expect(await textOf(workspaceId)).toMatch(/^# ours [12]\n/);
    await set(workspaceId, { rooms: 3 });
    expect(await textOf(workspaceId)).toMatch(/^# ours [12]\n[^]*rooms: 3 # counted\n/);
  });

  it('makes the file that it stands in, and is told of by names alone', async () => {
    const workspaceId = await create({});
    expect(await get(workspaceId)).toMatchObject({ etag: '0', updatedBy: '' });
    await expect(set(workspaceId, { token: 'hush' }, { ifMatch: '' })).rejects.toMatchObject({ code: 'workspaces.precondition_required' });
    await expect(set(workspaceId, { token: 'hush' }, { ifMatch: '3' })).rejects.toMatchObject({ code: 'workspaces.precondition_failed' });
    await set(workspaceId, { token: 'hush' }, { ifMatch: '0', schema: bytes({ type: 'object' }) });
    expect(json((await get(workspaceId))?.schema)).toEqual({ type: 'object' });
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.>`, { live: false }));
    const told = events.filter(({ type }) => type === 'workspaces.configured').map(({ payload }) => json(payload));
    expect(told).toEqual([{ changed: ['(schema)', 'token'] }]);
    await set(workspaceId, { token: 'hush' });
    expect((await get(workspaceId))?.etag).toBe('1');
    await bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId }, bench.as(ada));
  });
});
