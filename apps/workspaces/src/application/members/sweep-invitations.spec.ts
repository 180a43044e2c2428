import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SqliteDocuments, type Collection } from '@millrace/documents';
import { Clock, type Principal } from '@millrace/kernel';
import { SystemIds } from '@millrace/service';
import { temporaryFolder } from '@millrace/testing';
import { invitationOf } from '../../domain/invitation';
import type { Member } from '../../domain/members';
import { MEMBERS } from '../../infrastructure/collections';
import { Facts } from '../facts';
import { Invitations } from './invitations';
import { SweepInvitations } from './sweep-invitations';

class HandClock extends Clock {
  time = 1_000_000_000;

  override now(): number {
    return this.time;
  }
}

const WEEK = 604_800_000;
const WORKSPACE = 'ws_00000000000000000000000001';
const ada: Principal = { kind: 'user', id: 'ada', roles: [] };
const bob: Principal = { kind: 'user', id: 'bob', roles: [], email: 'bob@hotel.example', verified: true };

describe('invitations that nobody accepted', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let documents: SqliteDocuments;
  let members: Collection<Member>;
  let clock: HandClock;
  let ids: SystemIds;
  let sweep: SweepInvitations;
  let invitations: Invitations;

  beforeEach(async () => {
    folder = temporaryFolder();
    clock = new HandClock();
    ids = new SystemIds(clock);
    documents = await SqliteDocuments.open(join(folder.path, 'workspaces.db'));
    members = await documents.collection(MEMBERS);
    const shared = { members, facts: new Facts(clock, ids), clock, ids };
    sweep = new SweepInvitations(shared);
    invitations = new Invitations({
      ...shared,
      signer: { sign: (text) => `${text.length}`, isSigned: (text, by) => by === `${text.length}` },
    });
  });

  afterEach(async () => {
    await documents.close();
    folder[Symbol.dispose]();
  });

  const invite = async (email: string): Promise<Member> => {
    const made = { workspaceId: WORKSPACE, email, roles: ['viewer'], invitedBy: 'ada', createdAt: clock.now() };
    const { document } = await members.insert({ ...made, id: ids.mint('mem'), invitation: invitationOf(ada, [], clock.now()) });
    return document;
  };
  const left = async () => (await members.page({ limit: 200 })).items.map(({ document: { email, user } }) => user ?? email).sort();
  const asBob = () => ({ principal: bob, correlationId: 'c', deadline: clock.now() + 1_000 });

  it('are removed when their time is over, however many there are, and others stay', async () => {
    for (let index = 0; index < 120; index += 1) await invite(`guest-${index}@hotel.example`);
    await members.insert({ id: ids.mint('mem'), workspaceId: WORKSPACE, user: 'carl', roles: [], invitedBy: 'ada', createdAt: 1 });
    clock.time += 1;
    await invite('late@hotel.example');
    await invitations.bind(asBob(), await invite('bob@hotel.example'));
    clock.time += WEEK - 1;
    await Promise.all([sweep.run(), sweep.run()]);
    expect(await left()).toEqual(['bob', 'carl', 'late@hotel.example']);
    clock.time += 1;
    await sweep.run();
    expect(await left()).toEqual(['bob', 'carl']);
    expect((await documents.outbox.pending(200)).length).toBe(122);
  });

  it('cannot be accepted from the moment on that their time is over, swept or not', async () => {
    const token = invitations.token(await invite('bob@hotel.example'));
    expect((await invitations.find(token)).email).toBe('bob@hotel.example');
    clock.time += WEEK;
    await expect(invitations.find(token)).rejects.toMatchObject({ code: 'workspaces.invitation_not_found' });
  });

  it('are one person’s when two take them at once', async () => {
    const invited = await invite('bob@hotel.example');
    const taken = await Promise.allSettled([
      invitations.bind(asBob(), invited),
      invitations.bind({ ...asBob(), principal: { ...bob, id: 'bob-2' } }, invited),
    ]);
    expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await left()).toHaveLength(1);
  });

  it('have nothing to accept them with once they are taken', async () => {
    const stored = await invitations.bind(asBob(), await invite('bob@hotel.example'));
    expect(stored === undefined ? undefined : invitations.token(stored.document)).toBe('');
  });
});
