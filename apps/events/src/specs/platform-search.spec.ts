import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsService, LogService } from '@millrace/contracts';
import type { JsonMap, Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { RuledBench } from '../../testing/ruled-bench';

const { searchPlatform, rebuildHistory } = LogService.method;
const ADMIN: Principal = { kind: 'user', id: 'alma', roles: ['person', 'platform-admin'] };
const OPERATOR: Principal = { kind: 'user', id: 'olga', roles: ['person', 'platform-operator'] };
const DAY = 86_400_000;

let bench: RuledBench;

const said = (id: string, workspaceId: string, more: Partial<NewEvent> = {}): NewEvent => ({
  ...{ id, workspaceId, type: 'guests.came', time: Date.now(), correlationId: `story-${id}`, source: { ip: '203.0.113.7', run: 'run_1' } },
  ...{ actor: { kind: 'user', id: 'vera' }, payload: new TextEncoder().encode(`{"name":"Guest ${id}"}`) },
  ...more,
});

beforeAll(async () => {
  bench = await RuledBench.start();
  await bench.said([said('a1', 'ws_1'), said('b1', 'ws_2'), said('a2', 'ws_1'), said('old', 'ws_2', { time: Date.now() - 200 * DAY })]);
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

const ask = (principal: Principal, request: object = {}) =>
  bench.bus.call(searchPlatform, { types: ['guests.>'], ...request }, bench.parts.as(principal));

/** What the audit of the platform has of a type. */
async function told(type: string): Promise<readonly (readonly [string, JsonMap])[]> {
  const events = await Array.fromAsync(bench.parts.platform.eventLog.read('first', `platform.${type}`, { live: false }));
  return events.map(({ actor, payload }) => [actor.id, JSON.parse(new TextDecoder().decode(payload)) as JsonMap]);
}

describe('a search of the platform', () => {
  it('finds in all workspaces, or in those that are named, without what is kept no longer, page by page', async () => {
    const { items } = await ask(ADMIN);
    expect(items.map(({ workspaceId, id }) => [workspaceId, id])).toEqual([
      ['ws_1', 'a2'],
      ['ws_2', 'b1'],
      ['ws_1', 'a1'],
    ]);
    expect((await ask(ADMIN, { workspaces: ['ws_2'] })).items.map(({ id }) => id)).toEqual(['b1']);
    const first = await ask(ADMIN, { limit: 1 });
    const rest = await ask(ADMIN, { limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(['a2', 'b1', 'a1']);
    expect((await ask(ADMIN, { limit: 1, sort: 'oldest' })).items.map(({ id }) => id)).toEqual(['a1']);
    await expect(ask(ADMIN, { cursor: 'x' })).rejects.toMatchObject({ code: 'events.cursor_invalid' });
  });

  it('shows an admin all of an event, and an operator who did what and why, but not what it says nor from where it came', async () => {
    const [whole] = (await ask(ADMIN, { where: "payload.name = 'Guest b1'" })).items;
    expect(new TextDecoder().decode(whole?.payload)).toContain('Guest b1');
    expect(whole?.source?.ip).toBe('203.0.113.7');
    const [part] = (await ask(OPERATOR, { where: "correlationId = 'story-b1' and source.run = 'run_1'" })).items;
    expect(part).toMatchObject({ id: 'b1', type: 'guests.came', correlationId: 'story-b1', actor: { kind: 'user', id: 'vera' } });
    expect(new TextDecoder().decode(part?.payload)).toBe('{}');
    expect(part?.source?.ip).toBe('');
    const both = { ...OPERATOR, roles: [...OPERATOR.roles, ...ADMIN.roles] };
    expect((await ask(both, { text: 'guest' })).items).toHaveLength(3);
  });

  it('lets operators guess nothing of what they may not see', async () => {
    await expect(ask(OPERATOR, { where: "payload.name = 'Guest b1'" })).rejects.toMatchObject({ code: 'events.field_hidden' });
    await expect(ask(OPERATOR, { where: "source.ip = '203.0.113.7'" })).rejects.toMatchObject({ code: 'events.field_hidden' });
    await expect(ask(OPERATOR, { text: 'guest' })).rejects.toMatchObject({ code: 'events.field_hidden' });
  });

  it('is for who runs the platform, and gives them nothing in the workspaces themselves', async () => {
    for (const roles of [['person'], ['platform-auditor'], ['moderator']]) {
      await expect(ask({ ...OPERATOR, roles })).rejects.toMatchObject({ code: 'log.read_denied' });
    }
    await bench.rule([]);
    const inside = bench.bus.call(EventsService.method.listEvents, { workspaceId: 'other' }, bench.parts.as(OPERATOR));
    expect((await inside).items).toEqual([]);
  });

  it('is in the audit with who asked and for what, before it is answered', async () => {
    const before = (await told('events.platform.searched')).length;
    await ask(OPERATOR, { workspaces: ['ws_1'], where: "actor.id = 'vera'", from: { seconds: 1n } });
    expect((await told('events.platform.searched')).slice(before)).toEqual([
      ['olga', { workspaces: ['ws_1'], types: ['guests.>'], where: "actor.id = 'vera'", from: '1970-01-01T00:00:01.000Z' }],
    ]);
  });
});

describe('a rebuild of the history', () => {
  it('is in the audit with who began it', async () => {
    const { rebuild } = await bench.bus.call(rebuildHistory, {}, bench.parts.as(OPERATOR));
    expect(await told('events.rebuilds.begun')).toEqual([['olga', { rebuild: rebuild?.id }]]);
  });
});
