import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { ConfigService, LifeService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal, type Json, type JsonMap } from '@millrace/kernel';
import { Bus, type Wire } from '@millrace/messaging';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../../../index';

const { getConfig, writeConfig } = ConfigService.method;
const { createWorkspace, deleteWorkspace } = WorkspacesService.method;
const { restoreWorkspace } = LifeService.method;
const bytes = (value: Json): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
const json = (value: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(value));

const SCHEMA = { type: 'object', properties: { rooms: { type: 'integer', maximum: 20 } } };

/** What is written, as tests say it. */
interface Order {
  readonly op?: string;
  readonly path?: readonly string[];
  readonly value?: Json;
  readonly expect?: Json;
  readonly declared?: JsonMap;
  readonly run?: string;
  readonly number?: number;
  readonly seen?: number;
  readonly most?: number;
  readonly instance?: string;
  readonly settled?: Readonly<Record<string, number>>;
}

describe('a configuration that is written while it is in force', () => {
  let bench: ServiceBench;
  let wire: Wire;
  let runtime: Bus;
  let made = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
    const { platform } = bench;
    wire = await platform.connect('runtime');
    const passports = await SignedPassports.create({ service: 'runtime', keyValue: platform.keyValue, clock: platform.clock });
    runtime = new Bus(wire, passports, platform.clock);
  });

  afterAll(async () => {
    await wire.close();
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    made += 1;
    return (await bench.bus.call(createWorkspace, { name: `Written ${made}` }, bench.as(ada))).workspace?.id ?? '';
  };
  const requestOf = (workspaceId: string, order: Order) => {
    const { op = 'replace', path = ['rooms'], value, expect: expected, declared = { rooms: 12 } } = order;
    const { run = '', number = 0, seen = 0, most = 1_000, instance = '', settled = {} } = order;
    const write = {
      ...{ path: [...path], op },
      ...(value === undefined ? {} : { value: bytes(value) }),
      ...(expected === undefined ? {} : { expect: bytes(expected) }),
    };
    return {
      ...{ workspaceId, instance, most, settled, seen: BigInt(seen) },
      ...{ schema: bytes(SCHEMA), declared: bytes(declared), writes: [write] },
      by: { kind: 'automation', id: 'tidy', onBehalfOf: 'ada', run, number },
    };
  };
  const write = async (workspaceId: string, order: Order) => {
    const context = bench.as(servicePrincipal('runtime'));
    const { revision, value } = await runtime.call(writeConfig, requestOf(workspaceId, order), context);
    return { revision: Number(revision), value: json(value) };
  };
  const writtenIn = async (workspaceId: string) => json((await bench.bus.call(getConfig, { workspaceId }, bench.as(ada))).config?.written);
  const recordOf = async (workspaceId: string, key = '=') =>
    json((await (await bench.platform.keyValue.bucket('configs')).get(`${workspaceId}/${key}`))?.value) as JsonMap;
  const told = async (workspaceId: string) => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.configured`, { live: false }));
    return events.map(({ actor, subject, payload }) => ({ actor, subject, payload: json(payload) }));
  };

  it('goes along with a copy that asks for it, of the workspace and of its apps, and is told to runtimes; with no other', async () => {
    const workspaceId = await create();
    await write(workspaceId, { value: 15 });
    await write(workspaceId, { value: 16, instance: 'desk' });
    const copy = async (besides: string[], who = ada) => {
      made += 1;
      const request = { workspaceId, name: `Copy ${made} of it`, with: besides };
      return (await bench.bus.call(LifeService.method.duplicateWorkspace, request, bench.as(who))).workspace?.id ?? '';
    };
    const [with_, without] = [await copy(['config']), await copy(['members'])];
    expect([await writtenIn(with_), await writtenIn(without)]).toEqual([await writtenIn(workspaceId), {}]);
    const bucket = await bench.platform.keyValue.bucket('configs');
    const { promise, resolve } = Promise.withResolvers<void>();
    const seen = new Set<string>();
    const watch = await bucket.watch(with_, ({ key, value }) => {
      if (value !== undefined) seen.add(key);
      if (seen.size === 2) resolve();
    });
    await promise;
    await watch.stop();
    // It goes on from there.
    expect(await write(with_, { value: 17, seen: 2 })).toMatchObject({ revision: 3 });
  });

  it('counts from what is declared, is told to runtimes when it is answered, and to everybody with who wrote it', async () => {
    const workspaceId = await create();
    expect(await write(workspaceId, { op: 'increment', value: 1, run: 'run_1' })).toEqual({ revision: 2, value: 13 });
    const values = { rooms: { value: 13, over: '12' } };
    expect(await recordOf(workspaceId)).toEqual({ workspaceId, instance: '', values, revision: 2 });
    expect(await writtenIn(workspaceId)).toEqual(values);
    expect(await told(workspaceId)).toEqual([
      {
        actor: { kind: 'automation', id: 'tidy', onBehalfOf: 'ada' },
        subject: `workspace/${workspaceId}`,
        payload: { changed: ['rooms'], run: 'run_1' },
      },
    ]);
  });

  it('is written once however often a run asks for it, also when others wrote meanwhile', async () => {
    const workspaceId = await create();
    const again: Order = { op: 'increment', value: 1, run: 'run_1', number: 3 };
    const first = await write(workspaceId, again);
    await write(workspaceId, { op: 'increment', value: 1, run: 'run_2', seen: 2 });
    expect([await write(workspaceId, again), await write(workspaceId, { ...again, seen: 3 })]).toEqual([first, first]);
    expect(await writtenIn(workspaceId)).toMatchObject({ rooms: { value: 14 } });
  });

  it('is not written by who has not seen what was written last', async () => {
    const workspaceId = await create();
    await write(workspaceId, { value: 1, run: 'run_1' });
    const moved = { code: 'workspaces.config_moved', refusal: 'conflict', facts: { revision: 2 } };
    await expect(write(workspaceId, { value: 2, run: 'run_2' })).rejects.toMatchObject(moved);
    expect(await write(workspaceId, { value: 2, run: 'run_2', seen: 2 })).toEqual({ revision: 3, value: 2 });
  });

  it('forgets writes that will not be repeated', async () => {
    const workspaceId = await create();
    const order: Order = { op: 'increment', value: 1, run: 'run_1' };
    await write(workspaceId, order);
    await write(workspaceId, { ...order, number: 1, seen: 2, settled: { run_1: 1 } });
    await expect(write(workspaceId, order)).rejects.toMatchObject({ code: 'workspaces.config_moved' });
    expect(await write(workspaceId, { ...order, number: 1 })).toEqual({ revision: 3, value: 14 });
  });

  it('is what the schema allows, as large as it may be, and what fits', async () => {
    const workspaceId = await create();
    await expect(write(workspaceId, { value: 21 })).rejects.toMatchObject({
      code: 'language.arguments_invalid',
      errors: [{ pointer: '/rooms' }],
    });
    await expect(write(workspaceId, { path: ['x'], value: 'x'.repeat(1_000) })).rejects.toMatchObject({
      code: 'runtime.context_too_large',
      refusal: 'exhausted',
    });
    const large = { rooms: 1, x: 'x'.repeat(2_000) };
    expect(await write(workspaceId, { op: 'delete', path: ['rooms'], declared: large })).toEqual({ revision: 2, value: null });
    await expect(write(workspaceId, { value: 1, expect: 7, seen: 2 })).rejects.toMatchObject({ code: 'runtime.context_conflict' });
    await expect(write(workspaceId, { path: ['rooms', 'large'], value: 1, seen: 2 })).rejects.toMatchObject({
      code: 'language.path_invalid',
    });
    expect(await writtenIn(workspaceId)).toEqual({ rooms: { over: '1' } });
  });

  it('is what a version declares again when that is written, or when a version declares something else', async () => {
    const workspaceId = await create();
    await write(workspaceId, { value: 13 });
    await write(workspaceId, { path: ['spare'], value: true, seen: 2 });
    expect(await write(workspaceId, { op: 'increment', value: 1, seen: 3, declared: { rooms: 5 } })).toMatchObject({ value: 6 });
    expect(await writtenIn(workspaceId)).toEqual({ rooms: { value: 6, over: '5' }, spare: { value: true } });
    expect(await write(workspaceId, { value: 5, seen: 4, declared: { rooms: 5 } })).toMatchObject({ revision: 5 });
    expect(await write(workspaceId, { value: 5, seen: 5, declared: { rooms: 5 } })).toMatchObject({ revision: 5 });
    expect(await writtenIn(workspaceId)).toEqual({ spare: { value: true } });
    expect(await told(workspaceId)).toHaveLength(4);
  });

  it('is written for app instances on their own, and by the runtime alone', async () => {
    const workspaceId = await create();
    await write(workspaceId, { value: 1, instance: 'crm.mail', run: 'run_1' });
    expect(await writtenIn(workspaceId)).toEqual({});
    expect(await recordOf(workspaceId, 'crm.mail')).toMatchObject({ instance: 'crm.mail', values: { rooms: { value: 1 } } });
    expect(await told(workspaceId)).toMatchObject([{ subject: 'app/crm.mail', payload: { instance: 'crm.mail' } }]);
    const request = requestOf(workspaceId, { value: 1 });
    const other = bench.services[0]?.parts.bus.call(writeConfig, request, bench.as(servicePrincipal('workspaces')));
    await expect(other).rejects.toMatchObject({ refusal: 'not-found' });
    await expect(bench.bus.call(writeConfig, request, bench.as(ada))).rejects.toMatchObject({ refusal: 'not-found' });
    await expect(write('ws_none', { value: 1 })).rejects.toMatchObject({ refusal: 'not-found' });
  });

  it('is not known to runtimes of a workspace that is deleted, and known again when it is back', async () => {
    const workspaceId = await create();
    await write(workspaceId, { value: 1 });
    await bench.bus.call(deleteWorkspace, { workspaceId, ifMatch: '*' }, bench.as(ada));
    const bucket = await bench.platform.keyValue.bucket('configs');
    expect(await bucket.list(`${workspaceId}/`)).toEqual([]);
    await expect(write(workspaceId, { value: 2, seen: 2 })).rejects.toMatchObject({ refusal: 'not-found' });
    await bench.bus.call(restoreWorkspace, { workspaceId }, bench.as(ada));
    expect(await recordOf(workspaceId)).toMatchObject({ revision: 2 });
  });
});
