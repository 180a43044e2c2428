import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiProblem, type MillraceClient } from '@millrace/client';
import { EventsService, EventTypesService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const ORDER = `mode: enforce
key: order
secret: [card]
schema:
  type: object
  required: [order]
  properties: { order: { type: string }, total: { type: number } }
`;
const PLACE =
  'when: { endpoint: { path: place, access: public } }\ndo: [{ emit: { event: orders.placed, payload: "{{body}}" } }]\noutput: placed\n';

describe('events that a workspace declares', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    ({ id: workspaceId } = (await ada.call(WorkspacesService.method.createWorkspace, { name: 'Declared orders' })) as { id: string });
    await ada.call(WorkspacesService.method.putAutomation, { workspaceId, slug: 'place', source: PLACE });
    await declare(ORDER, '');
    await publish();
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const declare = (source: string, ifMatch = '*') =>
    ada.call(EventTypesService.method.putEventType, { workspaceId, type: 'orders.placed', source, ...(ifMatch === '' ? {} : { ifMatch }) });
  const publish = () => ada.call(WorkspacesService.method.publishVersion, { workspaceId, message: 'm' });
  const emit = (payload: JsonMap) =>
    ada.call(EventsService.method.emitEvents, { workspaceId, events: [{ type: 'orders.placed', payload }] });
  const place = (payload: JsonMap): Promise<Response> =>
    ada.fetch(`/v1/workspaces/${workspaceId}/webhooks/place`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
  const found = async (total: number): Promise<JsonMap | undefined> => {
    const where = `payload.total = ${total}`;
    for (;;) {
      const answer = await ada.call(EventsService.method.searchEvents, { workspaceId, types: ['orders.placed'], where });
      const [first] = (answer['items'] ?? []) as unknown as JsonMap[];
      if (first !== undefined) return first;
    }
  };

  it('enter as they are declared, whoever sends them', async () => {
    await emit({ order: 'o-1', total: 1, card: '4111' });
    expect((await place({ order: 'o-2', total: 2, card: '4111' })).status).toBe(200);
    for (const total of [1, 2]) {
      expect(await found(total)).toMatchObject({
        ...{ version: 1, key: `o-${total}`, redacted: ['card'] },
        payload: { order: `o-${total}`, total },
      });
    }
  });

  it('are refused at the door, and fail the step that would emit them', async () => {
    await expect(emit({ total: 'much' })).rejects.toMatchObject({ status: 422, code: 'events.schema_violated' });
    const answer = await place({ total: 3 });
    expect([answer.status, await answer.json()]).toMatchObject([422, { code: 'events.schema_violated' }]);
  });

  it('and those that it does not declare, are taken, told of or refused as the workspace says', async () => {
    const say = (unknownEvents: string) =>
      ada.call(WorkspacesService.method.updateWorkspace, { workspaceId, ifMatch: '*', settings: { unknownEvents } });
    const send = async (): Promise<number> => {
      const events = [{ type: 'orders.lost', payload: {} }];
      return ada.call(EventsService.method.emitEvents, { workspaceId, events }).then(
        () => 200,
        (error: unknown) => (error instanceof ApiProblem && error.code === 'events.type_undeclared' ? error.status : 0),
      );
    };
    /** The door hears of it a moment later. */
    const until = async (status: number): Promise<void> => {
      let said = await send();
      for (let tries = 0; said !== status && tries < 500; tries += 1) said = await send();
      expect(said).toBe(status);
    };
    expect((await say('refuse'))['settings']).toMatchObject({ unknownEvents: 'refuse' });
    await until(422);
    await emit({ order: 'o-9' });
    await say('warn');
    await until(200);
    for (let tries = 0, told: Json = []; (told as unknown as unknown[]).length === 0 && tries < 500; tries += 1) {
      if (tries > 0) await send();
      ({ items: told = [] } = await ada.call(EventsService.method.searchEvents, { workspaceId, types: ['events.types.violated'] }));
    }
    const { items } = await ada.call(EventsService.method.searchEvents, { workspaceId, types: ['events.types.violated'] });
    expect(items).toMatchObject([{ payload: { type: 'orders.lost' } }]);
    await say('');
    await until(200);
  });

  it('are held to the next version as soon as it runs', async () => {
    await declare(ORDER.replace('{ order:', '{ note: { maxLength: 3 }, order:'));
    await publish();
    await expect(emit({ order: 'o-4', note: 'too long' })).rejects.toMatchObject({ code: 'events.schema_violated' });
    await emit({ order: 'o-5', total: 5 });
    expect(await found(5)).toMatchObject({ version: 2 });
    const version = await ada.call(EventTypesService.method.getEventTypeVersion, { workspaceId, type: 'orders.placed', number: 1 });
    expect(version).toMatchObject({ number: 1, schema: { required: ['order'] } });
  });
});
