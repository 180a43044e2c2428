import { afterEach, describe, expect, it } from '@jest/globals';
import type { Rule } from '@millrace/auth';
import { Clock, DomainError, type Principal } from '@millrace/kernel';
import { SqliteEventLog, type Appended, type LoggedEvent, type NewEvent, type Registration } from '@millrace/messaging';
import { Metrics } from '@millrace/observability';
import { SystemIds } from '@millrace/service';
import { SetTypes } from '../../testing/declared';
import { permitted } from '../../testing/permitted';
import { BackPressure } from './back-pressure';
import { EmitEvents, type Accepted, type Emission, type EventDraft } from './emit-events';
import { Measures } from './measures';
import { LiveChannel } from './ports/live-channel';

class SetClock extends Clock {
  time = 1_900_000_000_000;
  override now(): number {
    return this.time;
  }
}

/** A log that cannot be read any more, for this reason, or has nothing any more. */
class UnreadableLog extends SqliteEventLog {
  constructor(private readonly reason?: Error) {
    super({ file: ':memory:', clock: new SetClock() });
  }
  override async *read(): AsyncGenerator<LoggedEvent> {
    if (this.reason !== undefined) throw this.reason;
  }
}

/** A log in which time passes with each append. */
class SlowLog extends SqliteEventLog {
  private pass: () => void = () => undefined;
  constructor() {
    super({ file: ':memory:', clock: new SetClock() });
  }
  lasts(pass: () => void): void {
    this.pass = pass;
  }
  override async append(...asked: Parameters<SqliteEventLog['append']>): Promise<readonly Appended[]> {
    this.pass();
    return super.append(...asked);
  }
}

/** Keeps what was said to those connected. */
class HeardChannel extends LiveChannel {
  readonly heard: NewEvent[] = [];
  override async publish(event: NewEvent): Promise<void> {
    this.heard.push(event);
  }
  override async listen(): Promise<Registration> {
    return { close: async () => undefined };
  }
}

const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const payload = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const paid: EventDraft = { type: 'orders.paid', payload: payload({ total: 1 }), keep: 'history' };

let eventLog: SqliteEventLog;

afterEach(() => eventLog.close());

function desk({ capacity = 10_000_000, log, rules }: { capacity?: number; log?: SqliteEventLog; rules?: readonly Rule[] } = {}) {
  const clock = new SetClock();
  eventLog = log ?? new SqliteEventLog({ file: ':memory:', clock, capacity });
  const live = new HeardChannel();
  const metrics = new Metrics('events');
  const pressure = new BackPressure(eventLog, clock);
  const declared = new SetTypes().events();
  const use = new EmitEvents({ declared, eventLog, live, pressure, clock, ids: new SystemIds(clock), measures: new Measures(metrics) });
  const emit = (drafts: readonly EventDraft[], more: Partial<Emission> = {}): Promise<readonly Accepted[]> =>
    use.run(
      { principal: ada, correlationId: 'req_1', deadline: 0 },
      {
        drafts,
        place: (index) => `/events/${index}`,
        admit: async () => ({ id: 'ws_1', permission: permitted(ada, 'create', rules) }),
        ...more,
      },
    );
  return { clock, live, metrics, emit };
}

async function logged(): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const event of eventLog.read('first', '*.>', { live: false })) events.push(event);
  return events;
}

describe('the door', () => {
  it('answers when the log has the events, in their order', async () => {
    const { emit, clock } = desk();
    const accepted = await emit([paid, { ...paid, id: 'mine', time: clock.time - 5 }]);
    const events = await logged();
    expect(accepted).toEqual(events.map(({ id, position, time }) => ({ id, offset: position.offset, time })));
    expect(events.map(({ workspaceId, type, time }) => [workspaceId, type, time])).toEqual([
      ['ws_1', 'orders.paid', clock.time],
      ['ws_1', 'orders.paid', clock.time - 5],
    ]);
  });

  it('appends nothing of a batch with something wrong in it, and does not even ask for rights', async () => {
    const { emit, metrics } = desk();
    const admit = async (): Promise<never> => {
      throw new Error('It was asked.');
    };
    await expect(emit([paid, { ...paid, type: 'error' }], { admit })).rejects.toThrow(
      expect.objectContaining({ code: 'events.native_type' }),
    );
    expect(await logged()).toEqual([]);
    expect(await metrics.registry.metrics()).toContain('millrace_door_refused_total{code="events.native_type",service="events"} 1');
  });

  it('appends nothing for those who may not', async () => {
    const { emit } = desk();
    const admit = async (): Promise<never> => {
      throw new DomainError('events.create_denied', 'forbidden', 'No.');
    };
    await expect(emit([paid], { admit })).rejects.toThrow(expect.objectContaining({ code: 'events.create_denied' }));
    expect(await logged()).toEqual([]);
  });

  it('takes a repeat for what it is', async () => {
    const { emit, clock } = desk();
    const first = await emit([paid, { ...paid, subject: 'b' }], { idempotencyKey: 'k' });
    clock.time += 60_000;
    expect(await emit([paid, { ...paid, subject: 'b' }], { idempotencyKey: 'k' })).toEqual(first);
    expect(await logged()).toHaveLength(2);
  });

  it('looks at all that the log has of a repeat at once', async () => {
    const log = new SqliteEventLog({ file: ':memory:', clock: new SetClock(), capacity: 10_000_000 });
    const { emit } = desk({ log });
    const drafts = ['one', 'two', 'three'].map((id) => ({ ...paid, id }));
    const first = await emit(drafts);
    const read = log.read.bind(log);
    const allBegun = Promise.withResolvers<void>();
    let begun = 0;
    log.read = async function* (...asked) {
      begun += 1;
      if (begun === drafts.length) allBegun.resolve();
      await allBegun.promise;
      yield* read(...asked);
    };
    expect(await emit(drafts)).toEqual(first);
    log.read = read;
  });

  it('refuses another fact under a taken id, and has taken the rest', async () => {
    const { emit } = desk();
    await emit([{ ...paid, id: 'one' }]);
    const error = await emit([paid, { ...paid, id: 'one', payload: payload({ total: 2 }) }]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'events.id_reused', refusal: 'conflict', errors: [{ pointer: '/events/1/id' }] });
    expect(await logged()).toHaveLength(2);
  });

  it.each([new DomainError('log.expired', 'not-found', 'Gone.'), undefined])(
    'takes an event for a repeat when the log has let go of the first: %s',
    async (reason) => {
      const { emit } = desk({ log: new UnreadableLog(reason) });
      const first = await emit([{ ...paid, id: 'one' }]);
      expect(await emit([{ ...paid, id: 'one', payload: payload({ total: 2 }) }])).toEqual(first);
    },
  );

  it.each([new DomainError('log.unavailable', 'unavailable', 'Away.'), new Error('disk gone')])(
    'says so when the log fails: %s',
    async (reason) => {
      const { emit } = desk({ log: new UnreadableLog(reason) });
      await emit([{ ...paid, id: 'one' }]);
      await expect(emit([{ ...paid, id: 'one' }])).rejects.toBe(reason);
    },
  );

  it('says what is for those connected now after what is for the log, and gives it no offset', async () => {
    const { emit, live, clock } = desk();
    const accepted = await emit([{ ...paid, id: 'now', keep: 'live' }, paid]);
    expect(accepted).toEqual([{ id: 'now', time: clock.time }, expect.objectContaining({ offset: 1n })]);
    expect(live.heard).toEqual([expect.objectContaining({ id: 'now', keep: 'live', workspaceId: 'ws_1' })]);
    expect(await emit([{ ...paid, keep: 'live' }])).toHaveLength(1);
    expect(await logged()).toHaveLength(1);
  });

  it('is closed while the log is four fifths full, and looks again after a second', async () => {
    const { emit, clock } = desk({ capacity: 300_000 });
    const heavy = { ...paid, payload: payload({ text: 'x'.repeat(250_000) }) };
    await emit([heavy]);
    await emit([paid]);
    clock.time += 1_000;
    const refusals = await Promise.all([emit([paid]), emit([paid])].map((emission) => emission.catch((reason: unknown) => reason)));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'events.log_filling', refusal: 'unavailable' });
    const [event] = await logged();
    if (event !== undefined) await eventLog.trim({ epoch: event.position.epoch, offset: 2n });
    clock.time += 1_000;
    await expect(emit([paid])).resolves.toHaveLength(1);
  });

  it('is closed when the log was full before anybody looked, and lets other refusals of the log through', async () => {
    const { emit } = desk({ capacity: 300_000 });
    const heavy = { ...paid, payload: payload({ text: 'x'.repeat(250_000) }) };
    await emit([heavy]);
    await expect(emit([heavy])).rejects.toMatchObject({ code: 'events.log_filling', refusal: 'unavailable', facts: { percent: 100 } });
    await eventLog.close();
    await expect(emit([paid])).rejects.toMatchObject({ code: 'log.closed' });
  });

  it('is closed while the log takes long for what it is given, and opens by itself', async () => {
    const log = new SlowLog();
    const { emit, clock } = desk({ log });
    log.lasts(() => (clock.time += 2_500));
    for (let count = 0; count < 5; count += 1) await emit([paid]);
    const closed = { code: 'events.log_filling', refusal: 'unavailable', facts: { retryAfter: 10 } };
    await expect(emit([paid])).rejects.toMatchObject(closed);
    log.lasts(() => undefined);
    clock.time += 9_000;
    await expect(emit([paid])).rejects.toMatchObject(closed);
    clock.time += 2_000;
    expect(await emit([paid])).toHaveLength(1);
  });

  it('lets faults through as they are', async () => {
    const { emit } = desk();
    const admit = async (): Promise<never> => {
      throw new Error('broken');
    };
    await expect(emit([paid], { admit })).rejects.toThrow('broken');
  });

  it('takes only what the conditions of a rule allow, and nothing of a batch with anything else', async () => {
    const { emit } = desk({
      rules: [{ allow: ['create'], on: ['events'], where: "type = 'orders.*' and payload.total < 10 and actor.id = ${user.id}" }],
    });
    await emit([paid]);
    const refusal = expect.objectContaining({ code: 'events.create_denied' });
    await expect(emit([paid, { ...paid, type: 'guests.arrived' }])).rejects.toThrow(refusal);
    await expect(emit([{ ...paid, payload: payload({ total: 10 }) }])).rejects.toThrow(refusal);
    expect((await eventLog.range()).last).toBe(1n);
  });

  it('takes no field that a rule keeps from being written, names each, and nothing of its batch', async () => {
    const cards: Rule = { deny: ['create'], on: ['events'], fields: ['payload.card', 'key'], reason: 'Cards are for the office.' };
    const { emit } = desk({ rules: [{ allow: ['create'], on: ['events'] }, cards] });
    await emit([paid]);
    const withCard: EventDraft = { ...paid, key: 'k', payload: payload({ total: 1, card: { number: '4111' } }) };
    await expect(emit([paid, withCard])).rejects.toMatchObject({
      ...{ code: 'events.create_denied', refusal: 'forbidden', facts: { reason: 'Cards are for the office.' } },
      errors: [{ pointer: expect.stringMatching(/1\/key$/) }, { pointer: expect.stringMatching(/1\/payload\/card$/) }],
    });
    expect((await eventLog.range()).last).toBe(1n);
  });

  it('takes only the fields that a rule names, and what tells events apart', async () => {
    const { emit } = desk({ rules: [{ allow: ['create'], on: ['events'], fields: ['payload.total'] }] });
    await emit([{ ...paid, id: 'evt_1', time: 1 }]);
    await expect(emit([{ ...paid, keep: 'live', target: { user: 'bob' } }])).rejects.toMatchObject({
      errors: [{ pointer: expect.stringMatching(/0\/target$/) }],
    });
    await expect(emit([{ ...paid, payload: payload({ total: 1, card: 1 }) }])).rejects.toMatchObject({ code: 'events.create_denied' });
  });
});
