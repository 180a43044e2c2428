import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LoggedEvent } from '@millrace/messaging';
import { SystemIds } from '@millrace/service';
import { KeptLog } from '../../../../testing/kept-log';
import { Attendance, type Seat } from './attendance';
import { LimitNews } from './limit-news';

const LIMITS = { socketsPerUser: 99, subscriptionsPerUser: 99, socketsPerWorkspace: 5, subscriptionsPerSocket: 9 };
const HOUR = 3_600_000;

let kept: KeptLog;

beforeEach(() => {
  kept = new KeptLog();
});

afterEach(() => kept[Symbol.asyncDispose]());

/** An instance, and who comes to it. */
function instance() {
  const { eventLog, time: clock, log } = kept;
  const news = new LimitNews({ eventLog, clock, ids: new SystemIds(clock), log });
  const telling: Promise<void>[] = [];
  const attendance = new Attendance(
    LIMITS,
    () => undefined,
    (nearly) => void telling.push(news.tell(nearly)),
  );
  const come = (count: number, workspaceId = 'ws_1'): Seat[] =>
    Array.from({ length: count }, () => attendance.enter({ who: 'user/ada', workspaceId, connection: {} }));
  return { attendance, come, told: () => Promise.all(telling) };
}

const toldOf = (workspaceId: string): Promise<LoggedEvent[]> =>
  Array.fromAsync(kept.eventLog.read('first', `${workspaceId}.events.limits.reached`, { live: false }));

describe('a workspace that comes to have four fifths of the sockets it may', () => {
  it('is told so once, with how many there are', async () => {
    const { come, told } = instance();
    come(3);
    expect(await toldOf('ws_1')).toEqual([]);
    come(2);
    come(2, 'ws_2');
    await told();
    const [event, ...others] = await toldOf('ws_1');
    expect(JSON.parse(new TextDecoder().decode(event?.payload))).toEqual({ limit: 'sockets', used: 4, most: 5 });
    expect([others, await toldOf('ws_2')]).toEqual([[], []]);
  });

  it('is told again when it has emptied and fills once more, at most once an hour', async () => {
    const { come, told } = instance();
    const fill = (): void => {
      for (const seat of come(4)) seat.leave();
    };
    fill();
    fill();
    await kept.time.advance(HOUR - 1);
    fill();
    await told();
    expect(await toldOf('ws_1')).toHaveLength(1);
    await kept.time.advance(1);
    fill();
    await told();
    expect(await toldOf('ws_1')).toHaveLength(2);
  });

  it('is told once by several instances that find it out together, as far as they know of each other', async () => {
    const [one, other] = [instance(), instance()];
    one.come(2);
    other.attendance.hear([one.attendance.told()]);
    one.attendance.hear([{ people: {}, workspaces: { ws_1: 2 } }]);
    other.come(2);
    one.come(1);
    await Promise.all([one.told(), other.told()]);
    expect(await toldOf('ws_1')).toHaveLength(1);
  });

  it('lets people in while the log takes nothing', async () => {
    const { come, told } = instance();
    await kept.eventLog.close();
    expect(come(5)).toHaveLength(5);
    await told();
  });
});

describe('somebody who comes to have four fifths of the subscriptions they may', () => {
  const LIMIT = LIMITS.subscriptionsPerUser;
  const follow = (seat: Seat | undefined, times: number): void => {
    for (let count = 0; count < times; count++) seat?.add();
  };
  const payloads = async (workspaceId: string): Promise<unknown[]> =>
    (await toldOf(workspaceId)).map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as unknown);

  it('is told of to the workspace, once, over all their sockets', async () => {
    const { come, told } = instance();
    const [one, other] = [...come(1), ...come(1, 'ws_2')];
    follow(one, 40);
    follow(other, 39);
    await told();
    expect(await payloads('ws_2')).toEqual([]);
    follow(other, 3);
    await told();
    expect(await payloads('ws_2')).toEqual([{ limit: 'subscriptions', who: 'user/ada', used: 80, most: LIMIT }]);
    expect(await payloads('ws_1')).toEqual([]);
  });

  it('is told of again when they had less meanwhile, at most once an hour', async () => {
    const { come, told } = instance();
    const [seat] = come(1);
    follow(seat, 80);
    seat?.remove();
    seat?.remove();
    await kept.time.advance(HOUR);
    follow(seat, 1);
    seat?.leave();
    const [again] = come(1);
    follow(again, 80);
    follow(again, 1);
    await told();
    expect(await payloads('ws_1')).toHaveLength(2);
  });

  it('is told of to nobody where they follow what is their own', async () => {
    const { attendance, told } = instance();
    follow(attendance.enter({ who: 'user/ada', connection: {} }), 99);
    await told();
    expect(await toldOf('ws_1')).toEqual([]);
  });
});
