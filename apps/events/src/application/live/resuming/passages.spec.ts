import { beforeEach, describe, expect, it } from '@jest/globals';
import { RecentEvents } from '../../../domain/live/recent-events';
import { Group } from '../group';
import { LiveEvent } from '../live-event';
import { Passages } from './passages';

/** Counts how often it is asked. */
class CountedGroup extends Group {
  asked = 0;

  constructor(...types: readonly string[]) {
    super(types.join(), { types, where: '', projection: 'full' });
  }

  override wants(event: LiveEvent): boolean {
    this.asked += 1;
    return super.wants(event);
  }
}

describe('what groups want of the events at hand', () => {
  let ring: RecentEvents<LiveEvent>;
  let passages: Passages;

  const say = (type: string, size = 0): void => {
    const offset = ring.head + 1n;
    const envelope = { id: `e${offset}`, workspaceId: 'ws_1', type, time: 1, correlationId: 'req_1', source: {}, sequence: 1n };
    const logged = { ...envelope, actor: { kind: 'user', id: 'ada' }, recordedAt: 1, position: { epoch: 'log', offset } } as const;
    const event = new LiveEvent({ ...logged, payload: new Uint8Array(size) }, { write: () => '{}' });
    ring.push(event);
    passages.take(event);
  };
  const wanted = (offset: bigint, ...groups: readonly Group[]) => passages.wantedBy(new Set(groups), offset).map((event) => event.offset);

  beforeEach(() => {
    ring = new RecentEvents(0n, { count: 100, weight: 1_000_000_000 });
    passages = new Passages((offset) => ring.after(offset));
  });

  it('is looked for once for all who come from there or later, and then only in what is new', () => {
    const group = new CountedGroup('a');
    for (const type of ['a', 'b', 'a', 'b', 'a']) say(type);
    expect([wanted(1n, group), wanted(1n, group), wanted(3n, group), wanted(5n, group)]).toEqual([[3n, 5n], [3n, 5n], [5n], []]);
    expect(group.asked).toBe(4);
    say('a');
    expect([wanted(4n, group), group.asked]).toEqual([[5n, 6n], 5]);
    expect([wanted(0n, group), group.asked]).toEqual([[1n, 3n, 5n, 6n], 11]);
  });

  it('is in order and each once for several of them', () => {
    for (const type of ['a', 'b', 'c', 'a']) say(type);
    expect(wanted(0n, new CountedGroup('a'), new CountedGroup('b', 'a'))).toEqual([1n, 2n, 4n]);
    expect(wanted(0n)).toEqual([]);
  });

  it('is forgotten when much has happened since', () => {
    const group = new CountedGroup('a');
    say('a');
    expect(wanted(0n, group)).toEqual([1n]);
    say('b', 1_024 * 1_024);
    expect([wanted(0n, group), group.asked]).toEqual([[1n], 2]);
    for (let times = 0; times < 4; times++) say('b', 1_024 * 1_024);
    expect([wanted(0n, group), group.asked]).toEqual([[1n], 8]);
  });
});
