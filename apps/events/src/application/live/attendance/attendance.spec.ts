import { beforeEach, describe, expect, it } from '@jest/globals';
import { Attendance, type Seat } from './attendance';

const LIMITS = { socketsPerUser: 3, subscriptionsPerUser: 5, socketsPerWorkspace: 4, subscriptionsPerSocket: 4 };
const refusal = (code: string) => expect.objectContaining({ code, refusal: 'exhausted' });

let refused: string[];
let here: Attendance;

beforeEach(() => {
  refused = [];
  here = new Attendance(LIMITS, (code) => refused.push(code));
});

const comes = (who = 'user/ada', workspaceId?: string, connection: object = {}, at = here): Seat =>
  at.enter({ who, connection, ...(workspaceId === undefined ? {} : { workspaceId }) });

const subscribe = (seat: Seat, times: number): void => {
  for (let count = 0; count < times; count++) {
    seat.demand();
    seat.add();
  }
};

describe('who is connected', () => {
  it('has as many sockets as one may, and not one more', () => {
    const [first] = [comes(), comes(), comes()];
    expect(() => comes()).toThrow(refusal('events.too_many_sockets'));
    comes('user/ben');
    comes('key/ada');
    first.leave();
    first.leave();
    comes();
    expect(() => comes()).toThrow(refusal('events.too_many_sockets'));
    expect(refused).toEqual(['events.too_many_sockets', 'events.too_many_sockets']);
  });

  it('counts once over one connection, until it is gone from all it followed', () => {
    const connection = {};
    const seats = [1, 2, 3, 4].map((number) => comes('user/ada', `ws_${number}`, connection));
    comes();
    comes();
    for (const seat of seats.slice(1)) seat.leave();
    expect(() => comes()).toThrow(refusal('events.too_many_sockets'));
    seats[0]?.leave();
    comes();
  });

  it('finds no place in a workspace that is full, be it of others', () => {
    const seats = ['a', 'b', 'c', 'd'].map((name) => comes(`user/${name}`, 'ws_1'));
    expect(() => comes('user/e', 'ws_1')).toThrow(refusal('events.workspace_crowded'));
    comes('user/e', 'ws_2');
    comes('user/f');
    seats[0]?.leave();
    comes('user/e', 'ws_1');
    expect(refused).toEqual(['events.workspace_crowded']);
  });

  it('has as many subscriptions as a socket may, and as one may over all sockets', () => {
    const [one, other] = [comes(), comes()];
    subscribe(one, 4);
    expect(() => one.demand()).toThrow(refusal('events.too_many_subscriptions'));
    subscribe(other, 1);
    expect(() => other.demand()).toThrow(refusal('events.too_many_subscriptions'));
    one.remove();
    subscribe(other, 1);
    one.leave();
    subscribe(other, 2);
    expect(() => other.demand()).toThrow(expect.objectContaining({ facts: { limit: 4 } }));
  });

  it('counts for nothing when it has left, whatever is still under way', () => {
    const [gone, left] = [comes(), comes()];
    gone.leave();
    gone.add();
    gone.remove();
    subscribe(left, 4);
    expect(() => left.demand()).toThrow(expect.objectContaining({ facts: { limit: 4 } }));
  });
});

describe('instances that tell each other', () => {
  it('hold the limits together', () => {
    const there = new Attendance(LIMITS, (code) => refused.push(code));
    const meet = (): void => {
      here.hear([there.told()]);
      there.hear([here.told()]);
    };
    const far = ['ada', 'ben', 'cleo'].map((name) => comes(`user/${name}`, 'ws_1', {}, there));
    comes('user/ada');
    comes('user/ada');
    meet();
    for (const at of [here, there]) expect(() => comes('user/ada', undefined, {}, at)).toThrow(refusal('events.too_many_sockets'));
    comes('user/dan', 'ws_1');
    expect(() => comes('user/ben', 'ws_1')).toThrow(refusal('events.workspace_crowded'));
    if (far[0] !== undefined) subscribe(far[0], 4);
    meet();
    const seat = comes('user/ben');
    subscribe(seat, 4);
    far[0]?.leave();
    meet();
    comes('user/ada', 'ws_1');
  });

  it('count the subscriptions of one at the others too', () => {
    const seat = comes();
    here.hear([
      { people: { 'user/ada': { sockets: 1, subscriptions: 2 } }, workspaces: {} },
      { people: { 'user/ada': { sockets: 1, subscriptions: 3 } }, workspaces: {} },
    ]);
    expect(() => seat.demand()).toThrow(expect.objectContaining({ facts: { limit: 5 } }));
    here.hear([]);
    seat.demand();
  });

  it('tell of what is much, and of nothing else', () => {
    const usual = new Attendance(
      { socketsPerUser: 20, subscriptionsPerUser: 200, socketsPerWorkspace: 30, subscriptionsPerSocket: 50 },
      () => undefined,
    );
    for (const name of ['a', 'b', 'b', 'c', 'c', 'c']) comes(`user/${name}`, 'ws_1', {}, usual);
    subscribe(comes('user/d', 'ws_2', {}, usual), 21);
    expect(usual.told()).toEqual({
      people: { 'user/c': { sockets: 3, subscriptions: 0 }, 'user/d': { sockets: 1, subscriptions: 21 } },
      workspaces: { ws_1: 6 },
    });
  });
});
