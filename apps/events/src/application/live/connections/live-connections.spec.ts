import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@millrace/messaging';
import { mostTypes, readStanding, writeStanding, type Connected } from '../../../domain/live/connected';
import { LiveConnections, type LiveConnection } from './live-connections';

class Known implements LiveConnection {
  readonly dismissed: string[] = [];

  constructor(
    readonly id: string,
    readonly openedAt: number,
  ) {}

  describe(): Connected {
    const who = { transport: 'stream', kind: 'user', principal: 'ada', subscriptions: 1, types: ['>'], behind: false } as const;
    return { id: this.id, openedAt: this.openedAt, ...who };
  }

  dismiss({ code }: { code: string }): void {
    this.dismissed.push(code);
  }
}

const closed = (payload: object, more: Partial<NewEvent> = {}): NewEvent => ({
  ...{ id: 'evt_1', workspaceId: 'ws_1', type: 'events.connections.closed', time: 0, correlationId: 'req_1' },
  ...{ payload: new TextEncoder().encode(JSON.stringify(payload)), actor: { kind: 'user', id: 'ada' }, source: {} },
  ...more,
});

describe('the connections of an instance', () => {
  it('are listed by the workspace they follow, the newest first, behind another one, and only while they are there', () => {
    const connections = new LiveConnections();
    const all = [new Known('a', 1), new Known('c', 2), new Known('b', 2)];
    for (const each of all) connections.enter('ws_1', each);
    connections.enter('ws_2', new Known('z', 9));
    const ids = (more: object = {}): string[] => connections.list({ workspaceId: 'ws_1', limit: 9, ...more }).map(({ id }) => id);
    expect(ids()).toEqual(['b', 'c', 'a']);
    expect(ids({ limit: 2 })).toEqual(['b', 'c']);
    expect(ids({ after: { openedAt: 2, id: 'b' } })).toEqual(['c', 'a']);
    expect([ids({ id: 'a' }), ids({ id: 'z' })]).toEqual([['a'], []]);
    for (const each of all) connections.leave('ws_1', each);
    connections.leave('ws_3', new Known('a', 1));
    expect(ids()).toEqual([]);
  });

  it('are dismissed by what the log says of them, in their workspace alone', () => {
    const connections = new LiveConnections();
    const known = new Known('a', 1);
    connections.enter('ws_1', known);
    const others = [
      closed({ connection: 'a' }, { workspaceId: 'ws_2' }),
      closed({ connection: 'a' }, { type: 'events.purged' }),
      closed({ connection: 7 }),
      closed({ connection: 'b' }),
    ];
    expect(others.map((event) => connections.take(event))).toEqual([0, 0, 0, 0]);
    expect(known.dismissed).toEqual([]);
    expect(connections.take(closed({ connection: 'a' }))).toBe(1);
    expect(known.dismissed).toEqual(['events.connection_closed']);
  });
});

describe('a place among connections', () => {
  it('is written and read, and what was not written is refused', () => {
    const standing = { openedAt: 1_700_000_000_000, id: 'est_1' };
    expect(readStanding(writeStanding(standing))).toEqual(standing);
    for (const cursor of ['', 'x', '1 2 3', '1 ü']) expect(() => readStanding(cursor)).toThrow(/continues no list/);
  });

  it('names each of its types once, twenty at most', () => {
    expect(mostTypes(['b', 'a', 'b'])).toEqual(['a', 'b']);
    expect(mostTypes(Array.from({ length: 30 }, (_, index) => `t${index}`))).toHaveLength(20);
  });
});
