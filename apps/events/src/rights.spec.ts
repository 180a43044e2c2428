import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SignedPassports } from '@millrace/auth';
import { EventsService, GatewayService, WorkspacesService, type Event, type GetGrantsRequest } from '@millrace/contracts';
import type { JsonMap, Principal } from '@millrace/kernel';
import { Rpc, type NewEvent } from '@millrace/messaging';
import type { ServiceDefinition } from '@millrace/service';
import { serviceBench, type ServiceBench } from '@millrace/testing';
import { Controller, Module } from '@nestjs/common';
import fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { Permission, type Rule } from '@millrace/auth';
import { eventsService } from './index';
import { viewOf } from './application/reading/event-view';
import { OWN_EVENTS } from './application/reading/readable';

const { searchEvents, getEvent, emitEvents, listPlatformAudit } = EventsService.method;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const vera: Principal = { kind: 'user', id: 'vera', roles: [], groups: ['/desk'], session: 's1', claims: { site: 'spa' } };
const EVENTS = 60;

/** The rules in force for every caller of `hotel`, whoever they are. */
let rules: readonly Rule[] = [];

@Controller()
class Neighbours {
  @Rpc(WorkspacesService.method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest) {
    const grants = rules.map((rule) => ({
      ...{ deny: 'deny' in rule, actions: [...('deny' in rule ? rule.deny : rule.allow)], subjects: [...rule.on] },
      ...{ where: rule.where ?? '', fields: [...(rule.fields ?? [])] },
    }));
    return { workspaceId: workspaceId === 'other' ? 'ws_2' : 'ws_1', slug: workspaceId, grants };
  }

  @Rpc(GatewayService.method.identify)
  async identify() {
    return { principal: { kind: 'user', id: 'vera' }, signed: '', expiresAt: 0n };
  }
}

@Module({})
class NeighboursModule {}

const neighbours: ServiceDefinition = { name: 'gateway', module: async () => ({ module: NeighboursModule, controllers: [Neighbours] }) };

let bench: ServiceBench;
let passports: SignedPassports;
let said: readonly NewEvent[];
const sockets: Socket[] = [];

/** Other rules from now on; what was found out about the ones before is forgotten. */
async function inForce(next: readonly Rule[]): Promise<void> {
  rules = next;
  const bucket = await bench.platform.keyValue.bucket('rights');
  await bucket.put('ws_1', new Uint8Array());
  const watch = await bucket.watch('', () => undefined);
  await watch.caughtUp();
  await watch.stop();
}

function drawn(index: number, workspaceId: string): NewEvent {
  const pick = <T>(...choices: readonly T[]): T => choices[(index * 7 + choices.length) % choices.length] as T;
  const payload = {
    room: index % 9,
    team: pick('/desk', '/night', 'spa'),
    card: { number: `4111-${index}`, until: '12/28' },
    site: pick('spa', 'hall'),
  };
  return {
    ...{
      id: `${workspaceId}-${index}`,
      workspaceId,
      type: pick('guests.arrived', 'guests.left', 'rooms.cleaned', 'payments.made'),
      time: 1_800_000_000_000 + index,
    },
    payload: encoder.encode(JSON.stringify(payload)),
    ...{ correlationId: `c${index % 5}`, actor: { kind: 'user', id: pick('vera', 'ada', 'bob') }, subject: `guest/${index % 4}` },
    source: { app: pick('crm', 'desk'), ip: '203.0.113.7' },
    ...(index % 6 === 0 ? { target: { user: pick('vera', 'ada') } } : index % 6 === 1 ? { target: { session: pick('s1', 's2') } } : {}),
  };
}

const searched = async (workspaceId = 'hotel', request: object = {}): Promise<readonly Event[]> => {
  const found: Event[] = [];
  let cursor = '';
  do {
    const page = await bench.bus.call(searchEvents, { workspaceId, limit: 7, cursor, sort: 'oldest', ...request }, bench.as(vera));
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== '');
  return found;
};

async function watched(count: number): Promise<readonly JsonMap[]> {
  const [entry] = await (await bench.platform.keyValue.bucket('instances')).list('events.');
  const { address } = JSON.parse(decoder.decode(entry?.value)) as { address: string };
  const headers = { 'millrace-principal': await passports.sign(vera, 60_000) };
  const { epoch, first } = await bench.platform.eventLog.range();
  const socket = io(`http://${address}/v1/workspaces/hotel/events`, { transports: ['websocket'], forceNew: true, extraHeaders: headers });
  sockets.push(socket);
  const events: JsonMap[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on('connect_error', reject);
  socket.on('event', ({ event }: { event: JsonMap }) => {
    events.push(event);
  });
  socket.on('caught-up', () => resolve());
  socket.on('subscribed', () => undefined);
  socket.emit('subscribe', { id: 'a', since: `${epoch}-${first - 1n}` }, (answer: JsonMap) => {
    if (answer['recovered'] !== true) reject(new Error(JSON.stringify(answer)));
  });
  await promise;
  expect(events.length).toBeGreaterThanOrEqual(count);
  return events;
}

beforeAll(async () => {
  // Whoever asks opens a socket for each way of asking.
  bench = await serviceBench(neighbours, eventsService({ MILLRACE_LIVE_SOCKETS_PER_USER: '10000' }));
  const { keyValue, clock, eventLog, history } = bench.platform;
  passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
  said = Array.from({ length: EVENTS }, (_, index) => drawn(index, 'ws_1'));
  await eventLog.append([...said, ...Array.from({ length: 9 }, (_, index) => drawn(index, 'ws_2'))]);
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): unknown => history.get('ws_2', 'ws_2-8').then((event) => (event === undefined ? setImmediate(look) : resolve()));
  look();
  await promise;
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

afterAll(async () => {
  await passports.close();
  await bench[Symbol.asyncDispose]();
});

const where = fc.constantFrom(
  ...[
    "type = 'guests.*'",
    "type = 'payments.made'",
    'actor.id = ${user.id}',
    'payload.team in ${user.groups}',
    'payload.room < 4',
    "source.app = 'crm'",
  ],
  ...[
    'target.user exists',
    'payload.site = ${claims.site}',
    'payload.site = ${claims.none}',
    "subject starts with 'guest/' and not payload.room = 2",
  ],
  ...["time > '2027-01-15T08:00:00.020Z'", 'target.session = ${session.id}', 'payload.team = ${key.id}'],
);
const rule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.integer({ min: 0, max: 3 }),
    fc.option(where, { nil: undefined }),
    fc.option(fc.constantFrom(['payload.card'], ['payload.room', 'actor'], ['payload']), { nil: undefined, freq: 3 }),
  )
  .map(([kind, condition, fields]) => {
    const reach = { on: ['events'], ...(condition === undefined ? {} : { where: condition }), ...(fields === undefined ? {} : { fields }) };
    return kind === 0 ? { deny: ['read'], ...reach } : { allow: ['read'], ...reach };
  });

describe('what a caller reads of the events', () => {
  it('is the same in searches, by id and on sockets, and what the rules say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { minLength: 1, maxLength: 4 }), async (drawnRules) => {
        await inForce(drawnRules);
        const permission = Permission.of(
          { principal: vera, workspaceId: 'ws_1', now: 0, rules: [...drawnRules, ...OWN_EVENTS] },
          'read',
          'events',
        );
        const permitted = said.filter((event) => permission.allows(viewOf(event))).map(({ id }) => id);
        if (permission.query === false) {
          await expect(searched()).rejects.toMatchObject({ code: 'events.read_denied' });
          return;
        }
        const found = await searched();
        expect(found.map(({ id }) => id)).toEqual(permitted);
        const live = await watched(permitted.length);
        expect(live.map(({ id }) => id)).toEqual(permitted);
        for (const [index, event] of found.entries()) {
          const shown = JSON.parse(decoder.decode(event.payload)) as JsonMap;
          expect(live[index]?.['payload'] ?? {}).toEqual(shown);
          expect(JSON.stringify(live[index])).not.toContain('203.0.113.7');
          expect(event.source?.ip).toBe('');
          const hidden = drawnRules.some((each) => 'deny' in each && each.where === undefined && each.fields?.[0] === 'payload.card');
          if (hidden) expect(JSON.stringify(shown)).not.toContain('4111');
        }
        for (const { id } of said.slice(0, 12)) {
          const one = bench.bus.call(getEvent, { workspaceId: 'hotel', eventId: id }, bench.as(vera));
          if (permitted.includes(id)) expect((await one).event?.id).toBe(id);
          else await expect(one).rejects.toMatchObject({ code: 'events.not_found', refusal: 'not-found' });
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);

  it('is of its own workspace', async () => {
    await inForce([{ allow: ['read'], on: ['events'] }]);
    expect((await searched()).length).toBe(EVENTS);
    expect((await searched('other')).map(({ workspaceId }) => workspaceId)).toEqual(Array.from({ length: 9 }, () => 'ws_2'));
    await expect(bench.bus.call(getEvent, { workspaceId: 'hotel', eventId: 'ws_2-1' }, bench.as(vera))).rejects.toMatchObject({
      code: 'events.not_found',
    });
  });

  it('is asked by nothing that is hidden from them', async () => {
    await inForce([
      { allow: ['read'], on: ['events'] },
      { deny: ['read'], on: ['events'], fields: ['payload.card.number'], where: "type = 'payments.made'" },
    ]);
    const refused = { code: 'events.field_hidden', refusal: 'forbidden' };
    await expect(searched('hotel', { where: "payload.card.number = '4111-3'" })).rejects.toMatchObject(refused);
    await expect(searched('hotel', { where: 'not (payload.room = 1 and payload.card.number exists)' })).rejects.toMatchObject(refused);
    await expect(searched('hotel', { where: "source.ip = '203.0.113.7'" })).rejects.toMatchObject(refused);
    await expect(searched('hotel', { text: '4111' })).rejects.toMatchObject(refused);
    expect((await searched('hotel', { where: "payload.card.until = '12/28'" })).length).toBe(EVENTS);
  });

  it('holds where an event came from only for who may read the audit', async () => {
    await inForce([{ allow: ['read'], on: ['events', 'audit'] }]);
    expect((await searched())[0]?.source?.ip).toBe('203.0.113.7');
  });

  it('holds what was done on the platform only for those whose role there lets them read the audit', async () => {
    await bench.platform.eventLog.append([{ ...drawn(0, 'platform'), type: 'gateway.users.deleted' }]);
    while ((await bench.platform.history.get('platform', 'platform-0')) === undefined) await new Promise(setImmediate);
    const audit = (...roles: readonly string[]) => bench.bus.call(listPlatformAudit, { sort: 'oldest' }, bench.as({ ...vera, roles }));
    expect((await audit('person', 'platform-auditor')).items.map(({ id, source }) => [id, source?.ip])).toEqual([
      ['platform-0', '203.0.113.7'],
    ]);
    for (const roles of [[], ['person'], ['platform-operator', 'moderator']]) {
      await expect(audit(...roles)).rejects.toMatchObject({
        code: 'audit.read_denied',
        refusal: 'forbidden',
        message: expect.stringContaining('Ask an admin of the platform for one of these roles: platform-admin, platform-auditor.'),
      });
    }
  });

  it('says nothing of what may be sent', async () => {
    await inForce([
      { allow: ['read'], on: ['events'] },
      { allow: ['create'], on: ['events'], where: "type = 'guests.*'" },
    ]);
    const emit = (type: string) =>
      bench.bus.call(emitEvents, { workspaceId: 'hotel', events: [{ type, payload: encoder.encode('{}') }] }, bench.as(vera));
    await emit('guests.arrived');
    await expect(emit('rooms.cleaned')).rejects.toMatchObject({ code: 'events.create_denied' });
  });
});
