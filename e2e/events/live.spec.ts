import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import { EventsService, LiveService, TopicsService, WorkspacesService } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { passwordToken, signedIn, startStandaloneProcess, temporaryFolder, type StandaloneProcess } from '@millrace/testing';
import { io, type Socket } from 'socket.io-client';

const PASSWORD = 'a-password-for-tests';
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

interface Delivered {
  readonly offset?: string;
  readonly event: { readonly id: string; readonly type: string; readonly epoch: string; readonly payload: { readonly number: number } };
}

/** A client of nobody's making but socket.io's: it subscribes when it is connected, from the last position it has seen. */
class ForeignClient {
  readonly ids: string[] = [];
  readonly types: string[] = [];
  readonly answers: JsonMap[] = [];
  private position: string | undefined;
  private look = (): void => undefined;
  private readonly socket: Socket;

  constructor(url: string, headers: Readonly<Record<string, string>>, types: readonly string[]) {
    this.socket = io(url, {
      transports: ['websocket'],
      extraHeaders: headers,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      forceNew: true,
    });
    this.socket.on('connect', () => void this.subscribe(types));
    this.socket.on('event', ({ event, offset }: Delivered) => {
      this.ids.push(event.id);
      this.types.push(event.type);
      // What is kept nowhere has no place to go on from.
      if (offset !== undefined) this.position = `${event.epoch}-${offset}`;
      this.look();
    });
  }

  /** Resolves when the condition holds; looked at whenever something has come. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.look = () => (holds() ? resolve() : undefined);
      this.look();
    });
  }

  stop(): void {
    this.socket.disconnect();
  }

  private async subscribe(types: readonly string[]): Promise<void> {
    const since = this.position === undefined ? {} : { since: this.position };
    const answer = (await this.socket.emitWithAck('subscribe', { id: 'a', types, ...since })) as JsonMap;
    this.position ??= textOf(answer['position']);
    this.answers.push(answer);
    this.look();
  }
}

describe('live delivery through the public door', () => {
  const folder = temporaryFolder();
  let millrace: StandaloneProcess;
  let ada: MillraceClient;
  let id: string;
  let headers: Record<string, string>;
  const clients: ForeignClient[] = [];

  beforeAll(async () => {
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD });
    ada = await signedIn(millrace.url, 'ada', PASSWORD);
    id = textOf((await ada.call(WorkspacesService.method.createWorkspace, { name: 'Live' }))['id']);
    headers = { authorization: `Bearer ${await passwordToken(`${millrace.url}/realms/millrace`, 'ada', PASSWORD)}` };
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.stop();
  });

  afterAll(async () => {
    await millrace.stop();
    folder[Symbol.dispose]();
  });

  const say = async (type: string, numbers: readonly number[], more: object = {}): Promise<string[]> => {
    const events = numbers.map((number) => ({ type, payload: { number }, ...more }));
    const answer = await ada.call(EventsService.method.emitEvents, { workspaceId: id, events });
    return (answer['events'] as unknown as { id: string }[]).map((event) => event.id);
  };

  it('brings a plain socket.io client each event once and in order, over the death of the process that served it', async () => {
    const client = new ForeignClient(`${millrace.url}/v1/workspaces/${id}/events`, headers, ['counted.*']);
    clients.push(client);
    await client.until(() => client.answers.length === 1);
    const said = await say('counted.up', [1, 2, 3]);
    await client.until(() => client.ids.length === 3);
    await millrace.kill();
    millrace = await startStandaloneProcess({ folder: folder.path, password: PASSWORD, ports: millrace.ports });
    said.push(...(await say('counted.up', [4, 5])));
    await client.until(() => client.answers.length === 2);
    expect(client.answers[1]).toMatchObject({ recovered: true });
    said.push(...(await say('counted.up', [6])));
    await client.until(() => client.ids.length >= 6);
    expect(client.ids).toEqual(said);
  });

  it('flows as an event stream, which says its position and goes on from there', async () => {
    const open = async (more: Record<string, string>) => {
      const answer = await fetch(`${millrace.url}/v1/workspaces/${id}/events:stream?types=streamed`, { headers: { ...headers, ...more } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      return answer.body?.pipeThrough(new TextDecoderStream()).getReader() ?? never();
    };
    const reader = await open({});
    await reader.read();
    const [first, second] = await say('streamed', [1, 2]);
    let text = '';
    while (!text.includes(`"id":"${second ?? ''}"`)) text += (await reader.read()).value ?? never();
    await reader.cancel();
    const position = /id: (\S+)\ndata: .*"number":1/.exec(text)?.[1] ?? '';
    const again = await open({ 'last-event-id': position });
    let rest = '';
    while (!rest.includes('event: caught-up')) rest += (await again.read()).value ?? never();
    await again.cancel();
    expect(rest).toContain(`"id":"${second ?? ''}"`);
    expect(rest).not.toContain(`"id":"${first ?? ''}"`);
  });

  it('refuses streams as it refuses calls', async () => {
    const bad = await fetch(`${millrace.url}/v1/workspaces/${id}/events:stream?where=%3D`, { headers });
    expect([bad.status, bad.headers.get('content-type')]).toEqual([422, expect.stringContaining('application/problem+json')]);
    expect(await bad.json()).toMatchObject({ code: 'events.filter_invalid' });
    const stranger = await fetch(`${millrace.url}/v1/workspaces/${id}/events:stream`);
    expect(stranger.status).toBe(401);
    await stranger.body?.cancel();
  });

  it('answers a long poll as soon as there is something', async () => {
    const from = await ada.call(LiveService.method.pollEvents, { workspaceId: id, types: ['polled'], wait: 0 });
    expect(from).toMatchObject({ events: [], recovered: true, more: false });
    const waiting = ada.call(LiveService.method.pollEvents, { workspaceId: id, types: ['polled'], since: textOf(from['next']) });
    const said = await say('polled', [1]);
    expect(((await waiting)['events'] as unknown as { id: string }[]).map((event) => event.id)).toEqual(said);
  });

  it('brings what automations say to those who are connected alone, and to those who follow the log', async () => {
    const source = [
      'when: { events: [bell.rung] }',
      'do:',
      '  - emit: { event: bell.seen, options: { keep: live } }',
      '  - emit: { event: bell.noted, options: { keep: log } }',
      '  - emit: { event: bell.told }',
    ].join('\n');
    await ada.call(WorkspacesService.method.putAutomation, { workspaceId: id, slug: 'bells', source });
    await ada.call(WorkspacesService.method.publishVersion, { workspaceId: id, message: 'bells' });
    const client = new ForeignClient(`${millrace.url}/v1/workspaces/${id}/events`, headers, ['bell.>']);
    clients.push(client);
    await client.until(() => client.answers.length === 1);
    await say('bell.rung', [1]);
    await client.until(() => client.types.length >= 4);
    expect([...client.types].sort()).toEqual(['bell.noted', 'bell.rung', 'bell.seen', 'bell.told']);
    let found: readonly string[] = [];
    while (!found.includes('bell.told')) {
      const { items } = await ada.call(EventsService.method.listEvents, { workspaceId: id, q: 'type:bell.*' });
      found = (items as unknown as { type: string }[]).map(({ type }) => type);
    }
    expect([...found].sort()).toEqual(['bell.rung', 'bell.told']);
  });

  it('brings people what is addressed to them, and to the topics they are in', async () => {
    const bob = await signedIn(millrace.url, 'bob', PASSWORD);
    const me = textOf(((await bob.fetch('/v1/me').then((answer) => answer.json())) as JsonMap)['id']);
    const from = await bob.call(LiveService.method.pollOwnEvents, { types: ['called'], wait: 0 });
    const [, hers] = [await say('called', [1]), await say('called', [2], { target: { user: me } })];
    const { events } = (await bob.call(LiveService.method.pollOwnEvents, { types: ['called'], since: textOf(from['next']) })) as {
      readonly events: readonly { readonly id: string }[];
    };
    expect(events.map((event) => event.id)).toEqual(hers);
    await ada.call(TopicsService.method.createTopic, { workspaceId: id, name: 'crew' });
    const { added } = (await ada.call(TopicsService.method.addTopicMembers, { workspaceId: id, topic: 'crew', users: [me] })) as {
      readonly added: readonly string[];
    };
    expect(added).toEqual([me]);
  });
});

function never(): never {
  throw new Error('The stream has ended.');
}
