import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock, type Principal } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import type { Share } from '../../domain/sharing/share';
import { SHARES } from '../../infrastructure/collections';
import { Facts } from '../facts';
import { HeldShares } from './held-shares';
import { TidyShares } from './tidy-shares';

class HandClock extends Clock {
  time = 1_000_000_000;

  override now(): number {
    return this.time;
  }
}

const WEEK = 604_800_000;
const WORKSPACE = 'ws_00000000000000000000000001';
const bob: Principal = { kind: 'user', id: 'bob', roles: [], email: 'bob@hotel.example', verified: true };

describe('shares, as time goes on', () => {
  let documents: SqliteDocuments;
  let shares: Collection<Share>;
  let clock: HandClock;
  let ids: SystemIds;
  let tidy: TidyShares;
  let held: HeldShares;

  beforeEach(async () => {
    documents = await SqliteDocuments.open(':memory:');
    shares = await documents.collection(SHARES);
    clock = new HandClock();
    ids = new SystemIds(clock);
    tidy = new TidyShares({ shares, facts: new Facts(clock, ids), clock, ids });
    held = new HeldShares(shares, clock);
  });

  afterEach(() => documents.close());

  const share = async (said: Partial<Share>): Promise<Share> => {
    const made: Share = {
      ...{
        id: ids.mint('shr'),
        workspaceId: WORKSPACE,
        subject: 'automations',
        object: 'greet',
        actions: ['read'],
        createdAt: clock.now(),
      },
      sharer: { kind: 'user', id: 'ada', platform: [], claimed: [] },
      ...said,
    };
    return (await shares.insert(made)).document;
  };
  const left = async () =>
    (await shares.page({ limit: 200 })).items
      .map(({ document: { object, user, email, role } }) => `${object} ${user ?? email ?? role}`)
      .sort();
  const told = async () =>
    (await documents.outbox.pending(500)).map(({ event }) => `${event.type} ${Buffer.from(event.payload).toString()}`);
  const asked = () => ({ principal: bob, correlationId: 'c', deadline: clock.now() + 1_000 });
  const ofBob = async () => (await held.of(WORKSPACE, bob, ['desk'])).map(({ object }) => object).sort();

  it('hold until the moment at which they end, swept or not', async () => {
    await share({ user: 'bob', expiresAt: clock.now() + 10 });
    await share({ role: 'desk', object: 'part', expiresAt: clock.now() + 20 });
    await share({ email: 'BOB@hotel.example', object: 'wait' });
    expect(await ofBob()).toEqual(['greet', 'part', 'wait']);
    clock.time += 10;
    expect(await ofBob()).toEqual(['part', 'wait']);
    clock.time += 10;
    expect(await ofBob()).toEqual(['wait']);
    clock.time += WEEK - 20;
    expect(await ofBob()).toEqual([]);
    expect(await left()).toHaveLength(3);
  });

  it('are swept when their time is over, however many there are and whoever else sweeps, and are told of', async () => {
    for (let index = 0; index < 120; index += 1) await share({ user: `guest-${index}`, expiresAt: clock.now() + 10 });
    await share({ user: 'bob' });
    await share({ user: 'bob', object: 'part', expiresAt: clock.now() + 11 });
    await share({ email: 'eve@hotel.example' });
    clock.time += 10;
    await Promise.all([tidy.sweep(), tidy.sweep()]);
    expect(await left()).toEqual(['greet bob', 'greet eve@hotel.example', 'part bob']);
    expect(await told()).toHaveLength(120);
    clock.time += WEEK;
    await tidy.sweep();
    expect(await left()).toEqual(['greet bob']);
  });

  it('wait for one person: whoever came first has them for good, when two come at once and when it is said twice', async () => {
    const waiting = await share({ email: 'bob@hotel.example' });
    await Promise.all([held.bind([waiting], 'bob'), held.bind([waiting], 'bob-2')]);
    const first = (await shares.get(waiting.id)).document.user;
    await held.bind([waiting], 'bob-3');
    expect([first, (await shares.get(waiting.id)).document.user]).toEqual([expect.stringMatching(/^bob(-2)?$/), first]);
    clock.time += 2 * WEEK;
    expect(await held.of(WORKSPACE, { kind: 'user', id: first ?? '', roles: [] }, [])).toHaveLength(1);
    await shares.update(waiting.id, () => ({ document: null, events: [] }));
    await held.bind([waiting], 'bob');
  });

  it('go with their object, follow its name, and are left alone when they were made for what came after', async () => {
    await share({ user: 'bob' });
    await share({ role: 'desk', object: 'part' });
    const at = clock.now();
    clock.time += 1;
    await share({ user: 'late' });
    const automation = { workspaceId: WORKSPACE, subject: 'automations' } as const;
    await tidy.thingGone(asked(), { ...automation, object: 'greet' }, at);
    expect(await left()).toEqual(['greet late', 'part desk']);
    await tidy.thingRenamed(asked(), { ...automation, object: 'part' }, 'leave', at);
    expect(await left()).toEqual(['greet late', 'leave desk']);
    expect(await ofBob()).toEqual(['leave']);
    await tidy.thingRenamed(asked(), { ...automation, object: 'greet' }, 'meet', at);
    expect(await left()).toEqual(['greet late', 'leave desk']);
    await tidy.holderGone(asked(), { workspaceId: WORKSPACE, role: 'desk' }, at);
    expect(await left()).toEqual(['greet late']);
    expect((await told()).map((each) => each.split(' ')[0])).toEqual(
      ['deleted', 'changed', 'deleted'].map((what) => `workspaces.shares.${what}`),
    );
  });

  it('go with the person they are with, in every workspace', async () => {
    for (let index = 0; index < 3; index += 1) await share({ user: 'bob', workspaceId: `ws_${index}` });
    await share({ user: 'eve' });
    expect(await tidy.personGone(asked(), 'bob')).toBe(3);
    expect(await left()).toEqual(['greet eve']);
    expect(await tidy.personGone(asked(), 'bob')).toBe(0);
  });
});
