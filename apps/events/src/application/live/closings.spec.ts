import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainError, Principal } from '@millrace/kernel';
import type { NewEvent } from '@millrace/messaging';
import { VirtualTime } from '@millrace/testing';
import { Closings, type Guest } from './closings';

const SESSION: Principal = { kind: 'user', id: 'ada', roles: [], session: 'sid_1' };

class Visitor implements Guest {
  readonly reasons: string[] = [];

  constructor(
    public metAt: number,
    public principal = SESSION,
  ) {}

  is(): { principal: Principal; metAt: number } {
    return this;
  }

  end({ code }: DomainError): void {
    this.reasons.push(code);
  }
}

const closed = (payload: object): NewEvent => ({
  id: 'evt_1',
  workspaceId: 'platform',
  type: 'gateway.sessions.closed',
  time: 0,
  payload: new TextEncoder().encode(JSON.stringify(payload)),
  correlationId: 'req_1',
  actor: { kind: 'service', id: 'gateway' },
  source: {},
});

describe('a connection whose sign-in is over', () => {
  let time: VirtualTime;
  let closings: Closings;

  beforeEach(() => {
    time = new VirtualTime(1_000_000);
    closings = new Closings(time);
  });

  const guest = (principal = SESSION): Visitor => {
    const visitor = new Visitor(time.now(), principal);
    closings.enter(visitor);
    return visitor;
  };

  it('ends, and no other', () => {
    const [one, other, gone] = [guest(), guest({ ...SESSION, session: 'sid_2' }), guest()];
    closings.leave(gone);
    closings.take({ ...closed({ session: 'sid_1' }), type: 'orders.paid' });
    expect(one.reasons).toEqual([]);
    closings.take(closed({ session: 'sid_1' }));
    expect([one.reasons, other.reasons, gone.reasons]).toEqual([['events.signed_out'], [], []]);
  });

  it('ends when it comes back through a gateway that has not heard of it', () => {
    closings.take(closed({ user: 'ada' }));
    time.jump(5_000);
    expect(guest().reasons).toEqual(['events.signed_out']);
    time.jump(1);
    expect(guest().reasons).toEqual([]);
  });

  it('ends when it was known before, however late it enters', () => {
    const early = new Visitor(time.now());
    closings.take(closed({ session: 'sid_1' }));
    time.jump(60_000);
    closings.take(closed({ session: 'sid_9' }));
    closings.enter(early);
    expect(early.reasons).toEqual(['events.signed_out']);
  });

  it('ends with the secret of its key, to come back with another', () => {
    const program = guest({ kind: 'key', id: 'key_1', roles: [], workspace: 'ws_1' });
    closings.take({ ...closed({ key: 'key_1' }), workspaceId: 'ws_1', type: 'workspaces.keys.rotated' });
    expect(program.reasons).toEqual(['events.key_rotated']);
  });

  it('is whose it is after it was renewed', () => {
    const renewed = guest();
    renewed.principal = { ...SESSION, session: 'sid_2' };
    closings.take(closed({ session: 'sid_1' }));
    expect(renewed.reasons).toEqual([]);
    closings.take(closed({ session: 'sid_2' }));
    expect(renewed.reasons).toEqual(['events.signed_out']);
  });

  it('is forgotten when nobody can come with it any more', () => {
    closings.take(closed({ session: 'sid_1' }));
    time.jump(90_001);
    closings.take(closed({ session: 'sid_9' }));
    const late = new Visitor(0);
    closings.enter(late);
    expect(late.reasons).toEqual([]);
  });
});
