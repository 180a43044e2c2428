import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import {
  EventsService,
  GatewayService,
  LiveService,
  MembersService,
  RightsService,
  SharesService,
  TopicsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';

/** Milliseconds within which whoever has lost a right is told or let go. */
const DEADLINE = 5_000;

const { createWorkspace } = WorkspacesService.method;
const { inviteMember, updateMember, removeMember } = MembersService.method;
const { listConnections, closeConnection } = LiveService.method;
const { createTopic, addTopicMembers, removeTopicMember } = TopicsService.method;

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** What somebody follows over a socket and over a stream at the same time. */
interface Followed {
  readonly socket: Socket;
  /** The ids of the events that the socket has brought. */
  readonly ids: string[];
  /** What the stream has said when it has ended. */
  readonly stream: Promise<string>;
}

describe('a right that is withdrawn while it is in use', () => {
  const cleanups: (() => unknown)[] = [];
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let bobs: string;
  let headers: Record<string, string>;
  let hotels = 0;
  let workspaceId: string;
  let memberId: string;
  let shareId: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    bobs = textOf((await (await millrace.as('bob')).call(GatewayService.method.getMe))['id']);
    headers = { authorization: `Bearer ${await millrace.token('bob')}` };
  });

  beforeEach(async () => {
    workspaceId = textOf((await ada.call(createWorkspace, { name: `Hotel ${++hotels}` }))['id']);
    memberId = textOf((await ada.call(inviteMember, { workspaceId, userId: bobs, roles: ['viewer'] }))['id']);
    const shared = { subject: 'runs', object: `run_${'0'.repeat(26)}`, actions: ['read'], userId: bobs };
    shareId = textOf((await ada.call(SharesService.method.createShare, { workspaceId, ...shared }))['id']);
  });

  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });

  afterAll(async () => {
    await millrace.stop();
  });

  const within = () => ({ signal: AbortSignal.timeout(DEADLINE) });

  const say = async (target: JsonMap): Promise<string> => {
    const events = [{ type: 'rooms.cleaned', payload: {}, target }];
    const answer = await ada.call(EventsService.method.emitEvents, { workspaceId, events });
    return textOf((answer['events'] as readonly JsonMap[])[0]?.['id']);
  };

  /** Bob follows the workspace, and has got one event over each way. */
  const follow = async (): Promise<Followed> => {
    const url = `${millrace.url}/v1/workspaces/${workspaceId}/events`;
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: headers });
    cleanups.push(() => socket.disconnect());
    await once(socket as never, 'connect', within());
    const ids: string[] = [];
    socket.on('event', ({ event }: { event: { id: string } }) => ids.push(event.id));
    await socket.emitWithAck('subscribe', { id: 'a', types: ['rooms.>'] });
    const leaving = new AbortController();
    cleanups.push(() => leaving.abort());
    const response = await fetch(`${url}:stream?types=rooms.>`, { headers, signal: leaving.signal });
    const first = once(socket as never, 'event', within());
    await say({ user: bobs });
    await first;
    return { socket, ids, stream: response.text().catch(() => 'It was left.') };
  };

  /** Resolves with what the socket was told before it ended, in time. */
  const ended = async (socket: Socket): Promise<{ readonly code: unknown; readonly reason: unknown }> => {
    const [[problem], [reason]] = (await Promise.all([
      once(socket as never, 'problem', within()),
      once(socket as never, 'disconnect', within()),
    ])) as [[JsonMap], [string]];
    return { code: problem['code'], reason };
  };

  /** As the last thing of a stream that ended in time. */
  const lastOf = async (stream: Promise<string>): Promise<string> => {
    const late = once(within().signal, 'abort').then(() => 'It goes on.');
    return Promise.race([stream, late]);
  };

  it.each([
    ['a role that changes', () => ada.call(updateMember, { workspaceId, memberId, roles: ['operator'], ifMatch: '*' })],
    ['a share that is taken back', () => ada.call(SharesService.method.deleteShare, { workspaceId, shareId })],
    ['a member who is removed', () => ada.call(removeMember, { workspaceId, memberId, ifMatch: '*' })],
  ])('is gone within five seconds from a socket and a stream, by %s; nothing later comes over them', async (_, withdraw) => {
    const { socket, ids, stream } = await follow();
    const before = ids.length;
    const over = ended(socket);
    await withdraw();
    const later = await say({ user: bobs });
    expect(await over).toMatchObject({ code: 'events.rights_changed' });
    const said = await lastOf(stream);
    expect(said).toContain('"code":"events.rights_changed"');
    expect(said).not.toContain(later);
    expect(ids).toHaveLength(before);
  });

  it('may be a topic: who has left it is told so within five seconds, and gets nothing more that is for those in it', async () => {
    const rules = [{ allow: ['read'], on: ['topics'] }];
    await ada.call(RightsService.method.putRole, { workspaceId, role: 'desk', rules, ifNoneMatch: '*' });
    await ada.call(updateMember, { workspaceId, memberId, roles: ['desk'], ifMatch: '*' });
    await ada.call(createTopic, { workspaceId, name: 'staff' });
    await ada.call(addTopicMembers, { workspaceId, topic: 'staff', users: [bobs] });
    const { socket, ids } = await follow();
    const inTopic = once(socket as never, 'event', within());
    const seen = await say({ topic: 'staff' });
    await inTopic;
    const told = once(socket as never, 'revoked', within());
    await ada.call(removeTopicMember, { workspaceId, topic: 'staff', user: bobs });
    expect(await told).toEqual([{ topic: 'staff' }]);
    const unseen = await say({ topic: 'staff' });
    const last = once(socket as never, 'event', within());
    const own = await say({ user: bobs });
    await last;
    expect(ids).toEqual(expect.arrayContaining([seen, own]));
    expect(ids).not.toContain(unseen);
  });

  it('may be a connection alone: who is shown out is told why within five seconds, on record, and does not come back by itself', async () => {
    const { socket, ids, stream } = await follow();
    const { items } = await ada.call(listConnections, { workspaceId });
    const [one, other] = items as readonly JsonMap[];
    expect([one, other]).toEqual([
      expect.objectContaining({ transport: 'stream', principal: bobs, types: ['rooms.>'] }),
      expect.objectContaining({ id: socket.id, transport: 'websocket', principal: bobs, subscriptions: 1 }),
    ]);
    const over = ended(socket);
    for (const connection of [one, other]) await ada.call(closeConnection, { workspaceId, connection: textOf(connection?.['id']) });
    const later = await say({ user: bobs });
    expect(await over).toEqual({ code: 'events.connection_closed', reason: 'io server disconnect' });
    expect(socket.active).toBe(false);
    expect(await lastOf(stream)).toContain('"code":"events.connection_closed"');
    expect(ids).not.toContain(later);
    const closings = async () => {
      const { items: audit } = await ada.call(EventsService.method.listAudit, { workspaceId, where: "type = 'events.connections.closed'" });
      return (audit ?? []) as readonly JsonMap[];
    };
    while ((await closings()).length < 2);
    expect((await closings()).map(({ payload }) => (payload as JsonMap)['principal'])).toEqual([bobs, bobs]);
  });
});
