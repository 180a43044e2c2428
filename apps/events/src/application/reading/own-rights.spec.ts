import { describe, expect, it } from '@jest/globals';
import { Permission, type Granted, type Rule } from '@millrace/auth';
import { Clock, DomainError, type Principal } from '@millrace/kernel';
import type { CallContext, NewEvent } from '@millrace/messaging';
import { OwnReading } from '../live/reading/own-reading';
import { OwnWorkspaces } from '../ports/own-workspaces';
import { OwnRights } from './own-rights';
import { OWN_EVENTS } from './readable';

class SetClock extends Clock {
  time = 1_000_000;
  override now(): number {
    return this.time;
  }
}

const eve: Principal = { kind: 'user', id: 'eve', roles: [] };
const context: CallContext = { principal: eve, correlationId: 'req_1', deadline: 0 };

/** The answer to what somebody may read in a workspace: rules, until when, or why there are none. */
type Answer = readonly Rule[] | { readonly until: number } | Error;

/** What eve reads of her own, when the workspaces she has a part in answer this. */
async function ownReading(
  answers: Readonly<Record<string, Answer>>,
  clock = new SetClock(),
  asked: CallContext = context,
): Promise<OwnReading> {
  class Parts extends OwnWorkspaces {
    override async of(): Promise<readonly string[]> {
      return Object.keys(answers);
    }
  }
  const toRead = async ({ principal }: CallContext, workspaceId: string): Promise<Granted> => {
    const answer = answers[workspaceId] ?? [];
    if (answer instanceof Error) throw answer;
    const [rules, ending] = 'until' in answer ? [[], answer] : [answer, {}];
    const permission = Permission.of({ principal, workspaceId, now: clock.now(), rules: [...rules, ...OWN_EVENTS] }, 'read', 'events');
    return { id: workspaceId, slug: workspaceId, roles: [], permission, ...ending };
  };
  return new OwnReading(await new OwnRights({ toRead }, new Parts(), clock).toRead(asked), clock);
}

function event(workspaceId: string, user = 'eve', time = 0): NewEvent {
  return {
    ...{ id: 'a', workspaceId, type: 'orders.paid', time, payload: new Uint8Array(), correlationId: 'req_1' },
    ...{ actor: { kind: 'user', id: 'ada' }, source: {}, target: { user } },
  };
}

const reads = (reading: OwnReading, one: NewEvent): boolean => reading.follows(one) && reading.permissionFor(one).allows(one);

describe('what people may read of what is addressed to them', () => {
  const denied: Rule = { deny: ['read'], on: ['events'] };

  it('is what the rules of each workspace leave of it, and all of it where they have no part', async () => {
    const reading = await ownReading({ ws_1: [], ws_2: [denied] });
    expect(['ws_1', 'ws_2', 'ws_3'].map((workspaceId) => reads(reading, event(workspaceId)))).toEqual([true, false, true]);
    expect(reads(reading, event('ws_1', 'ada'))).toBe(false);
  });

  it('is not for a token that is for other things, though it is theirs', async () => {
    const by = (...scopes: string[]) => ownReading({}, new SetClock(), { ...context, principal: { ...eve, scopes } });
    await expect(by('read:topics')).rejects.toMatchObject({ code: 'auth.scope_missing' });
    expect(reads(await by('read:me', 'read:events'), event('ws_1'))).toBe(true);
  });

  it('is nothing of a workspace that refuses them', async () => {
    const reading = await ownReading({ ws_1: new DomainError('events.read_denied', 'forbidden', 'No.'), ws_2: [] });
    expect(['ws_1', 'ws_2'].map((workspaceId) => reads(reading, event(workspaceId)))).toEqual([false, true]);
  });

  it.each([new DomainError('bus.no_one', 'unavailable', 'Nobody answers.'), new Error('broken')])(
    'is not found out by halves: %s',
    async (error) => {
      await expect(ownReading({ ws_1: [], ws_2: error })).rejects.toBe(error);
    },
  );

  it('goes by the time at which they read it, where a rule does', async () => {
    const clock = new SetClock();
    const reading = await ownReading({ ws_1: [{ ...denied, where: 'time > ${now}' }] }, clock);
    const later = event('ws_1', 'eve', clock.time + 500);
    expect(reads(reading, later)).toBe(false);
    clock.time += 1_000;
    expect(reads(reading, later)).toBe(true);
    expect(reads(reading, later)).toBe(true);
  });

  it('is asked by nothing that is hidden in any of the workspaces', async () => {
    const reading = await ownReading({ ws_1: [], ws_2: [{ ...denied, fields: ['payload.card'] }] });
    expect(() => reading.demandOpen("payload.card = '4111'")).toThrow(expect.objectContaining({ code: 'events.field_hidden' }));
    expect(() => reading.demandOpen("source.ip = '203.0.113.7'")).toThrow(expect.objectContaining({ code: 'events.field_hidden' }));
    expect(() => reading.demandOpen('payload.total > 1')).not.toThrow();
  });

  it('is found out anew when everyone in a workspace of theirs has other rights, or they themselves anywhere', async () => {
    const reading = await ownReading({ ws_1: [] });
    expect(['ws_1', 'ws_2'].map((workspaceId) => reading.isConcerned(workspaceId, 'everyone'))).toEqual([true, false]);
    const joined = (kind: 'user' | 'key', id: string) => reading.isConcerned('ws_2', { kind, id, isNew: true });
    expect([joined('user', 'eve'), joined('user', 'ada'), joined('key', 'eve')]).toEqual([true, false, false]);
  });

  it('is found out anew when the first of what they have anywhere ends', async () => {
    const refused = new DomainError('events.read_denied', 'forbidden', 'No.');
    expect((await ownReading({ ws_1: [], ws_2: { until: 9 }, ws_3: { until: 7 }, ws_4: refused })).until).toBe(7);
    expect((await ownReading({ ws_1: [] })).until).toBeUndefined();
  });
});
