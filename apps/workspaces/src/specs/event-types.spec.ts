import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventTypesService, WorkspacesService } from '@millrace/contracts';
import { servicePrincipal } from '@millrace/kernel';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '../index';

const { method } = EventTypesService;
const ORDER =
  'title: Order placed\nmode: enforce\nkey: order\nsecret: [card.number]\nschema:\n  type: object\n  required: [order]\n  properties:\n    order: { type: string }\n    total: { type: number }\n';
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('the event types of a workspace', () => {
  let bench: ServiceBench;
  let names = 0;
  const ada = person('ada');

  beforeAll(async () => {
    bench = await serviceBench(workspacesService());
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const create = async (): Promise<string> => {
    names += 1;
    return (
      (await bench.bus.call(WorkspacesService.method.createWorkspace, { name: `Types ${names} here` }, bench.as(ada))).workspace?.id ?? ''
    );
  };
  const put = (workspaceId: string, type: string, text: string, ifMatch = '') =>
    bench.bus.call(method.putEventType, { workspaceId, type, source: bytes(text), ifMatch }, bench.as(ada));
  const publish = (workspaceId: string, force = false) =>
    bench.bus.call(WorkspacesService.method.publishVersion, { workspaceId, message: 'm', force }, bench.as(ada));
  const versionOf = async (workspaceId: string, type: string) =>
    (await bench.bus.call(method.getEventType, { workspaceId, type }, bench.as(ada))).eventType?.version;
  const told = async (workspaceId: string): Promise<unknown[]> => {
    for (const { parts } of bench.services) await parts.outbox?.drain();
    const events = await Array.fromAsync(bench.platform.eventLog.read('first', `${workspaceId}.workspaces.event-types.>`, { live: false }));
    return events.map(({ payload }) => JSON.parse(Buffer.from(payload).toString('utf8')) as unknown);
  };

  it('are declared in the draft, shown, listed and deleted', async () => {
    const workspaceId = await create();
    const { eventType } = await put(workspaceId, 'orders.placed', ORDER);
    expect(eventType).toMatchObject({
      ...{ type: 'orders.placed', title: 'Order placed', mode: 'enforce', compatibility: 'backward', clients: 'true', key: 'order' },
      ...{ secret: ['card.number'], version: 0, source: ORDER, etag: '1' },
    });
    await put(workspaceId, 'orders.paid', 'clients: payload.total > 3\n');
    const first = await bench.bus.call(method.listEventTypes, { workspaceId, limit: 1 }, bench.as(ada));
    const second = await bench.bus.call(method.listEventTypes, { workspaceId, limit: 1, cursor: first.nextCursor }, bench.as(ada));
    expect([...first.items, ...second.items].map(({ type, clients }) => [type, clients])).toEqual([
      ['orders.paid', 'payload.total > 3'],
      ['orders.placed', 'true'],
    ]);
    await bench.bus.call(method.deleteEventType, { workspaceId, type: 'orders.paid', ifMatch: '*' }, bench.as(ada));
    await expect(bench.bus.call(method.getEventType, { workspaceId, type: 'orders.paid' }, bench.as(ada))).rejects.toMatchObject({
      code: 'workspaces.event_type_not_found',
    });
  });

  it.each([
    ['orders.placed', 'schema: { type: nothing }\n', 'schema-invalid'],
    ['orders.placed', 'mode: sometimes\n', 'value-invalid'],
    ['orders.placed', 'type: orders.paid\n', 'event-type-misnamed'],
    ['orders.placed', 'clients: "payload.total >"\n', 'event-clients-invalid'],
    ['orders.placed', 'schema: { $ref: "https://schemas.test/order.json" }\n', 'schema-invalid'],
    ['orders.placed', 'schema: { pattern: "(?=a)b" }\n', 'schema-invalid'],
    ['workspaces.mine', 'title: x\n', 'event-reserved'],
  ])('refuse %s saying %j, and what was there stays', async (type, text, code) => {
    const workspaceId = await create();
    await expect(put(workspaceId, type, text)).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      errors: expect.arrayContaining([expect.objectContaining({ code })]),
    });
  });

  it('number a schema when it is published first, and give it its number again when it comes back', async () => {
    const workspaceId = await create();
    await put(workspaceId, 'orders.placed', ORDER);
    await publish(workspaceId);
    expect(await versionOf(workspaceId, 'orders.placed')).toBe(1);
    const wider = ORDER.replace('total: { type: number }', 'total: { type: [number, string] }');
    await put(workspaceId, 'orders.placed', wider, '*');
    expect(await versionOf(workspaceId, 'orders.placed')).toBe(0);
    await publish(workspaceId);
    expect(await versionOf(workspaceId, 'orders.placed')).toBe(2);
    await put(workspaceId, 'orders.placed', `description: more words\n${ORDER}`, '*');
    await publish(workspaceId, true);
    expect(await versionOf(workspaceId, 'orders.placed')).toBe(1);
    expect(await told(workspaceId)).toEqual([
      { type: 'orders.placed', version: 1 },
      { type: 'orders.placed', version: 2 },
    ]);
    const { version } = await bench.bus.call(method.getEventTypeVersion, { workspaceId, type: 'orders.placed', number: 2 }, bench.as(ada));
    expect(JSON.parse(Buffer.from(version?.schema ?? []).toString('utf8'))).toMatchObject({
      properties: { total: { type: ['number', 'string'] } },
    });
    await expect(
      bench.bus.call(method.getEventTypeVersion, { workspaceId, type: 'orders.placed', number: 3 }, bench.as(ada)),
    ).rejects.toMatchObject({ code: 'workspaces.event_type_version_not_found' });
  });

  it('keep a version from being published that would refuse what was accepted, and name who uses it', async () => {
    const workspaceId = await create();
    await put(workspaceId, 'orders.placed', ORDER);
    await bench.bus.call(
      WorkspacesService.method.putAutomation,
      { workspaceId, slug: 'bill', source: bytes('when: { events: [orders.placed] }\ndo: []\noutput: "{{payload.total}}"\n') },
      bench.as(ada),
    );
    await publish(workspaceId);
    await put(workspaceId, 'orders.placed', ORDER.replace('[order]', '[order, total]'), '*');
    const refused = await publish(workspaceId).then(
      () => undefined,
      (error: unknown) => error as { code: string; errors: { code: string; detail: string }[] },
    );
    expect(refused).toMatchObject({ code: 'workspaces.document_invalid', errors: [{ code: 'event-type-narrowed' }] });
    expect(refused?.errors[0]?.detail).toContain('/total is required now. Used by bill.');
    const { version } = await publish(workspaceId, true);
    expect(version).toMatchObject({
      number: 2,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'event-type-narrowed', severity: 'warning' })]),
    });
  });

  it('are all that force lets through: what is wrong otherwise stays refused', async () => {
    const workspaceId = await create();
    await put(workspaceId, 'orders.placed', ORDER);
    await publish(workspaceId);
    await put(workspaceId, 'orders.placed', ORDER.replace('[order]', '[order, total]'), '*');
    const broken = { workspaceId, slug: 'bill', source: bytes('do: [{ nobody: {} }]\n') };
    await bench.bus.call(WorkspacesService.method.putAutomation, broken, bench.as(ada));
    await expect(publish(workspaceId, true)).rejects.toMatchObject({
      code: 'workspaces.document_invalid',
      errors: [expect.objectContaining({ detail: expect.stringContaining('nobody') })],
    });
  });

  it('may be narrowed where they say that nobody relies on them', async () => {
    const workspaceId = await create();
    await put(workspaceId, 'orders.placed', ORDER);
    await publish(workspaceId);
    await put(workspaceId, 'orders.placed', `compatibility: none\n${ORDER.replace('[order]', '[order, total]')}`, '*');
    await expect(publish(workspaceId)).resolves.toMatchObject({ version: { number: 2 } });
  });

  it('are handed to services with their numbers, and to nobody else', async () => {
    const workspaceId = await create();
    await put(workspaceId, 'orders.placed', ORDER);
    const digest = (await publish(workspaceId)).version?.digest ?? '';
    const asked = { workspaceId, digest };
    await expect(bench.bus.call(method.fetchEventTypes, asked, bench.as(ada))).rejects.toMatchObject({ code: 'workspaces.not_found' });
    const { items } = await bench.bus.call(method.fetchEventTypes, asked, bench.as(servicePrincipal('gateway')));
    expect(items).toMatchObject([
      { type: 'orders.placed', version: 1, mode: 'enforce', clients: 'true', key: 'order', secret: ['card.number'] },
    ]);
    const record = await (await bench.platform.keyValue.bucket('active')).get(workspaceId);
    expect(JSON.parse(Buffer.from(record?.value ?? []).toString('utf8'))).toMatchObject({ declares: true, digest });
    const stream = bench.bus.stream(WorkspacesService.method.fetchModel, asked, bench.as(servicePrincipal('gateway')));
    expect(await Array.fromAsync(stream)).toMatchObject([{ path: 'events/orders.placed.yaml', text: ORDER, schemaVersion: 1 }]);
  });

  it('are nothing that a stranger may know of', async () => {
    const workspaceId = await create();
    const bob = bench.as(person('bob'));
    const refused = { code: 'workspaces.not_found' };
    await expect(bench.bus.call(method.listEventTypes, { workspaceId }, bob)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.getEventType, { workspaceId, type: 'a' }, bob)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.getEventTypeVersion, { workspaceId, type: 'a', number: 1 }, bob)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.putEventType, { workspaceId, type: 'a', source: bytes('{}') }, bob)).rejects.toMatchObject(refused);
    await expect(bench.bus.call(method.deleteEventType, { workspaceId, type: 'a' }, bob)).rejects.toMatchObject(refused);
  });
});
