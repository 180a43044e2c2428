import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  ConfigService,
  CredentialsService,
  DraftsService,
  EventTypesService,
  ExchangeService,
  FilesService,
  GatewayService,
  groupOf,
  HistoryService,
  RunsService,
  RuntimeService,
  routeOf,
  SecretsService,
  subjectOf,
  TopicsService,
  VersionsService,
  WorkspacesService,
} from '@millrace/contracts';
import { Clock } from '@millrace/kernel';
import { JetStreamEventLog, NatsKeyValue, NatsWire } from '@millrace/messaging';
import type { LoggedEvent, NewEvent } from '@millrace/messaging';
import { PrivateServer } from '@millrace/testing';
import { connect, PermissionViolationError } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { PUBLIC_SERVICES } from '../../../apps/gateway/src/interface/http/calls/public-services';
import { BUCKETS } from './subjects.mjs';

jest.setTimeout(120_000);

const SERVICES = ['gateway', 'workspaces', 'events', 'runtime'] as const;
const USERS = [...SERVICES, 'setup'] as const;
type User = (typeof USERS)[number];
const NOBODY: readonly User[] = [];

const METHODS = PUBLIC_SERVICES.flatMap((service) => service.methods);
const { admitUpload, commitContent, openFile, openLink } = FilesService.method;
const { exportEvents } = HistoryService.method;
const { exportVersion } = VersionsService.method;
const { admitImport, importWorkspace } = ExchangeService.method;
const { admitAsset, stageAsset, openDraftFile } = DraftsService.method;
const DRAFT_BYTES = [admitAsset, stageAsset, openDraftFile];
/** Who calls what has no route, or what is not called by the gateway alone. */
const CALLERS: ReadonlyMap<unknown, readonly User[]> = new Map<unknown, readonly User[]>([
  [GatewayService.method.identify, SERVICES],
  [WorkspacesService.method.getGrants, ['events', 'runtime']],
  [WorkspacesService.method.fetchModel, ['runtime']],
  [WorkspacesService.method.fetchDraft, ['runtime']],
  [RuntimeService.method.handleEndpoint, ['gateway']],
  [RuntimeService.method.handleResult, ['gateway']],
  [RuntimeService.method.simulateMatch, ['events']],
  [CredentialsService.method.resolveCredential, ['gateway']],
  [SecretsService.method.resolveSecrets, ['runtime']],
  [ConfigService.method.writeConfig, ['runtime']],
  [EventTypesService.method.fetchEventTypes, ['events']],
  [WorkspacesService.method.listWorkspaces, ['gateway', 'events']],
  [RunsService.method.getRun, ['gateway', 'events']],
  [RunsService.method.listRuns, ['gateway', 'events']],
  [TopicsService.method.manageTopic, ['runtime']],
  [FilesService.method.commitFile, ['gateway', 'runtime']],
  ...[admitUpload, commitContent, openFile, openLink, exportEvents, exportVersion, admitImport, importWorkspace, ...DRAFT_BYTES].map(
    (method): [unknown, readonly User[]] => [method, ['gateway']],
  ),
]);

/** The bucket, who writes it, who reads it besides. */
const KEPT: readonly (readonly [string, User, ...User[]])[] = [
  ...[
    'approvals',
    'contexts',
    'gatherings',
    'rates',
    'redrives',
    'replays',
    'results',
    'runs',
    'runtimes',
    'schedules',
    'slots',
    'timers',
    'waits',
  ].map((bucket) => [bucket, 'runtime'] as const),
  ...['cursors', 'erasures', 'idempotency', 'issuer', 'limits', 'revoked', 'sessions'].map((bucket) => [bucket, 'gateway'] as const),
  ['active', 'workspaces', 'events', 'runtime'],
  ['configs', 'workspaces', 'runtime'],
  ['egress', 'workspaces', 'runtime'],
  ['instances', 'events', 'gateway'],
  ['retention', 'events'],
  ['origins', 'workspaces', 'gateway'],
  ['rights', 'workspaces', 'events', 'runtime'],
  ['vault', 'workspaces'],
];

/** Buckets in which each service writes what is its own. */
const SHARED = ['identity', 'services'];

/** Who may send into whose inboxes: answers, and credit for streams. */
const SPEAK: Readonly<Record<User, readonly User[]>> = {
  gateway: ['gateway', 'workspaces', 'events', 'runtime'],
  workspaces: ['gateway', 'events', 'runtime'],
  events: ['gateway', 'workspaces', 'events', 'runtime'],
  runtime: ['gateway', 'workspaces', 'events'],
  setup: [],
};

const SAID: readonly (readonly [string, readonly User[]])[] = [
  ...METHODS.map((method) => [subjectOf(method), CALLERS.get(method) ?? (routeOf(method) ? ['gateway'] : [])] as const),
  ...METHODS.map((method) => [`cancel.${subjectOf(method)}`, CALLERS.get(method) ?? (routeOf(method) ? ['gateway'] : [])] as const),
  ...KEPT.map(([bucket, writer]) => [`$KV.${bucket}.a.b`, [writer]] as const),
  ...KEPT.flatMap(([bucket, ...users]) => readsOf(bucket).map((subject) => [subject, users] as const)),
  ...SHARED.flatMap((bucket) => readsOf(bucket).map((subject) => [subject, SERVICES] as const)),
  ...KEPT.map(([bucket, ...users]) => [`$JS.API.STREAM.INFO.KV_${bucket}`, ['setup' as const, ...users]] as const),
  ...SHARED.flatMap((bucket) => [
    [`$JS.API.STREAM.INFO.KV_${bucket}`, USERS] as const,
    ...SERVICES.map((service) => [`$KV.${bucket}.${service}.a`, [service]] as const),
    [`$KV.${bucket}.registry.a`, NOBODY] as const,
    [`$KV.${bucket}.gateway`, NOBODY] as const,
  ]),
  ['$KV.unknown.a', NOBODY],
  ...[...BUCKETS.map((bucket) => `KV_${bucket}`), 'EVENTS', 'DEAD', 'LOG'].flatMap((stream) => [
    ...['CREATE', 'UPDATE'].map((verb) => [`$JS.API.STREAM.${verb}.${stream}`, ['setup']] as const),
    ...['DELETE', 'RESTORE', 'SNAPSHOT', 'LEADER.STEPDOWN'].map((verb) => [`$JS.API.STREAM.${verb}.${stream}`, NOBODY] as const),
    [`$JS.API.STREAM.PURGE.${stream}`, stream === 'EVENTS' ? (['events'] as const) : NOBODY] as const,
  ]),
  ...['STREAM.CREATE.ANOTHER', 'STREAM.NAMES', 'STREAM.LIST', 'ACCOUNT.PURGE.X', 'META.LEADER.STEPDOWN'].map(
    (api) => [`$JS.API.${api}`, NOBODY] as const,
  ),
  ...['gateway.sessions.opened', 'workspaces.created', 'apps.published', 'runtime.runs.started', 'events.purged'].map(
    (type) => [`event.1.ws_1.${type}`, [type.startsWith('apps') ? 'workspaces' : (type.split('.')[0] as User)]] as const,
  ),
  ...['registry.scans.failed', 'notification.messages.sent', 'system.x', 'ads.x.y', 'profile.x'].map(
    (type) => [`event.1.ws_1.${type}`, NOBODY] as const,
  ),
  ['event.1.ws_1.notification.requested', ['runtime']],
  ['event.1.ws_1.orders.placed', ['events', 'runtime']],
  ['event.1.ws_1.error', SERVICES],
  ...consumersOf('history', ['events'], ['events']),
  ...consumersOf('runtime-0', ['runtime'], ['events', 'runtime']),
  ...consumersOf('runtime-63', ['runtime'], ['events', 'runtime']),
  ...consumersOf('runtime-64', NOBODY, ['events']),
  ['$JS.API.CONSUMER.CREATE.EVENTS.any.event.>', ['events']],
  ['dead.history.1', ['events']],
  ['dead.runtime.1', ['runtime']],
  ['live.event.ws_1.a', ['events', 'runtime']],
  ['live.event.ws_1.workspaces.members.left', NOBODY],
  ['live.event.ws_1.events.topics.left', ['events']],
  ...['live.roll.evi_1', 'cancel.live.roll.evi_1'].map((subject) => [subject, ['events']] as const),
  ...['erased', 'log.erased.1', '$JS.API.STREAM.MSG.DELETE.EVENTS'].map((subject) => [subject, ['events', 'runtime']] as const),
  ...USERS.map((user) => [`_INBOX_${user}.a.b`, USERS.filter((other) => SPEAK[other].includes(user))] as const),
  ...['_INBOX.a.b', 'anything', '$SYS.REQ.SERVER.PING', '$SYS.REQ.ACCOUNT.PING.CONNZ', '$JS.API.CONSUMER.DELETE.KV_runs.a'].map(
    (subject) => [subject, NOBODY] as const,
  ),
];

const HEARD: readonly (readonly [string, string | undefined, readonly User[]])[] = [
  ...METHODS.flatMap((method) => [
    [subjectOf(method), undefined, NOBODY] as const,
    ...SERVICES.map((group) => [subjectOf(method), group, group === groupOf(method) ? [group] : NOBODY] as const),
    [`cancel.${subjectOf(method)}`, undefined, SERVICES.filter((service) => service === groupOf(method))] as const,
  ]),
  ...SERVICES.flatMap((service) => [
    [`call.millrace.${service}.v1.*`, undefined, NOBODY] as const,
    [`call.millrace.${service}.v1.>`, service, NOBODY] as const,
    [`call.millrace.${service}.v1.*`, service, NOBODY] as const,
    [`_INBOX_${service}.>`, undefined, [service]] as const,
    [`_INBOX_${service}.a.b`, 'group', [service]] as const,
  ]),
  ...['>', '*', '*.>', 'call.>', 'call.*.*.*.*', 'cancel.>', '_INBOX.>', '_INBOX_*.>', '*.*.*', 'event.>', 'dead.>', '$KV.>'].map(
    (subject) => [subject, undefined, NOBODY] as const,
  ),
  ...['$KV.identity.>', '$JS.API.>', '$JS.ACK.>', '$JS.EVENT.>', '$SYS.>', 'log.>', 'members.*'].map(
    (subject) => [subject, undefined, NOBODY] as const,
  ),
  ['_INBOX_setup.>', undefined, ['setup']],
  ['live.event.>', undefined, ['events']],
  ['live.roll.evi_1', undefined, NOBODY],
  ['live.roll.evi_1', 'events', ['events']],
  ['cancel.live.roll.evi_1', undefined, ['events']],
  ['members.history', undefined, ['events']],
  ['members.runtime', undefined, ['runtime']],
  ['erased', undefined, USERS],
];

describe('the users of the NATS server', () => {
  let server: PrivateServer;

  beforeAll(async () => {
    server = await PrivateServer.start('nats');
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  const as = (user: User): { servers: string; user: string; pass: string } => ({
    servers: server.setting('MILLRACE_NATS_URL'),
    user,
    pass: server.setting(`MILLRACE_NATS_${user.toUpperCase()}_PASSWORD`),
  });

  it.each(USERS)('%s may say what is declared, and nothing else', async (user) => {
    const connection = await connect(as(user));
    const refused = refusals(connection, 'publish');
    for (const [subject] of SAID) connection.publish(subject);
    await connection.flush();
    await connection.close();
    expect(await refused).toEqual(unique(SAID.filter(([, users]) => !users.includes(user)).map(([subject]) => subject)));
  });

  it.each(USERS)('%s may hear what is declared, in its own queue groups, and nothing else', async (user) => {
    const connection = await connect(as(user));
    const refused = refusals(connection, 'subscription');
    for (const [subject, queue] of HEARD)
      connection.subscribe(subject, { ...(queue !== undefined && { queue }), callback: () => undefined });
    await connection.flush();
    await connection.close();
    expect(await refused).toEqual(
      unique(HEARD.filter(([, , users]) => !users.includes(user)).map(([subject, queue]) => named(subject, queue))),
    );
  });

  it('nobody comes in without the password of a user', async () => {
    for (const [user, pass] of [
      ['gateway', 'wrong'],
      ['nobody', 'p-1'],
      ['tests', ''],
    ] as const) {
      await expect(connect({ ...as('gateway'), user, pass, reconnect: false })).rejects.toThrow(/authorization/i);
    }
  });

  it('lets setup make the buckets, each service use its own, and nobody make or write another', async () => {
    const setup = await NatsKeyValue.connect({ connection: as('setup') });
    const early = await NatsKeyValue.connect({ connection: as('runtime') });
    await expect(early.bucket('runs')).rejects.toMatchObject({ code: 'kv.bucket_missing' });
    await early.close();
    for (const bucket of BUCKETS) await setup.bucket(bucket);
    await setup.close();
    for (const service of SERVICES) {
      const store = await NatsKeyValue.connect({ connection: as(service), patience: 1_000 });
      for (const [bucket, writer, ...readers] of KEPT) {
        if (service !== writer && !readers.includes(service)) {
          await expect(store.bucket(bucket)).rejects.toMatchObject({ code: 'kv.forbidden', refusal: 'forbidden' });
          continue;
        }
        const opened = await store.bucket(bucket);
        const seen: string[] = [];
        const watch = await opened.watch('', ({ key }) => void seen.push(key));
        if (service === writer) await opened.put(`k/${service}`, new Uint8Array());
        else await expect(opened.put(`k/${service}`, new Uint8Array())).rejects.toMatchObject({ code: 'kv.forbidden' });
        await watch.caughtUp();
        expect(seen).toEqual((await opened.list('')).map(({ key }) => key));
      }
      const keys = await store.bucket('identity');
      await keys.put(`${service}.kid`, new Uint8Array(), { ttl: 60_000 });
      for (const other of SERVICES.filter((name) => name !== service)) {
        await expect(keys.put(`${other}.kid`, new Uint8Array())).rejects.toMatchObject({ code: 'kv.forbidden' });
      }
      await store.close();
    }
  });

  it('lets each service append what it says, and those who consume have the log they need', async () => {
    const open = (user: User): Promise<JetStreamEventLog> =>
      JetStreamEventLog.open({
        connection: { ...as(user), inboxPrefix: `_INBOX_${user}` },
        ...{ clock: new SystemClock(), durability: 'fast', capacity: 64 * 1024 * 1024 },
      });
    await (await open('setup')).close();
    const types: Readonly<Record<(typeof SERVICES)[number], string>> = {
      gateway: 'gateway.sessions.opened',
      workspaces: 'apps.published',
      events: 'orders.placed',
      runtime: 'runtime.runs.started',
    };
    const logs = await Promise.all(SERVICES.map(async (service) => [service, await open(service)] as const));
    const consumed = [new Set<string>(), new Set<string>()];
    const all = Promise.withResolvers<undefined>();
    const take = (seen: Set<string>) => async (event: LoggedEvent) => {
      seen.add(event.type);
      if (consumed.every(({ size }) => size === SERVICES.length)) all.resolve(undefined);
      return { kind: 'done' } as const;
    };
    for (const [service, log] of logs) {
      await log.append([eventOf(types[service])]);
      const durable = { filter: ['*.>'], parallel: 4, attempts: 5, start: 'first' } as const;
      if (service === 'events') await log.consume({ ...durable, name: 'history', order: 'none' }, take(consumed[0] ?? new Set()));
      if (service === 'runtime') await log.consume({ ...durable, name: 'runtime', order: 'key' }, take(consumed[1] ?? new Set()));
    }
    await all.promise;
    const [, live] = logs.find(([service]) => service === 'events') ?? [];
    for await (const event of live?.read('first', '*.>', { live: true }) ?? []) if (event.type === types.runtime) break;
    await Promise.all(logs.map(([, log]) => log.close()));
  });

  it('carries calls and long streams between those who have to do with each other, and refuses others at once', async () => {
    const wires = Object.fromEntries(
      await Promise.all(SERVICES.map(async (service) => [service, await NatsWire.connect({ connection: as(service), beat: 20 })] as const)),
    ) as Readonly<Record<(typeof SERVICES)[number], NatsWire>>;
    const message = { body: Uint8Array.of(1), headers: {} };
    for (const method of METHODS) {
      await wires[groupOf(method) as (typeof SERVICES)[number]].serve(subjectOf(method), groupOf(method), {
        request: async (request) => request,
        async *stream(request) {
          for (let n = 0; n < 100; n += 1) yield request;
        },
      });
    }
    for (const method of METHODS) {
      const callers = CALLERS.get(method) ?? ['gateway'];
      for (const service of SERVICES) {
        const call = wires[service].request(subjectOf(method), message, { timeout: 10_000 });
        if (callers.includes(service)) expect((await call).body).toEqual(message.body);
        else await expect(call).rejects.toMatchObject({ code: 'wire.forbidden', refusal: 'forbidden' });
      }
    }
    const replies = await Array.fromAsync(
      wires.runtime.stream(subjectOf(WorkspacesService.method.fetchModel), message, { timeout: 10_000 }),
    );
    expect(replies).toHaveLength(100);
    await Promise.all(Object.values(wires).map((wire) => wire.close()));
  });
});

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

function eventOf(type: string): NewEvent {
  const actor = { kind: 'service', id: 'spec' } as const;
  const payload = Buffer.from('{}');
  return { id: type.replaceAll('.', '-'), workspaceId: 'ws_1', type, time: 1, key: type, payload, correlationId: 'c', actor, source: {} };
}

function readsOf(bucket: string): readonly string[] {
  return [
    ...['STREAM.MSG.GET', 'DIRECT.GET'].map((verb) => `$JS.API.${verb}.KV_${bucket}`),
    ...[`$JS.API.CONSUMER.CREATE.KV_${bucket}.any`, `$JS.FC.KV_${bucket}.any.any`],
  ];
}

/** `lookers`: may make and read consumers under names that nobody knows before, and so this one too; they acknowledge nothing. */
function consumersOf(name: string, workers: readonly User[], lookers: readonly User[]): readonly (readonly [string, readonly User[]])[] {
  return [
    ...['DURABLE.CREATE', 'UNPIN'].map((verb) => [`$JS.API.CONSUMER.${verb}.EVENTS.${name}`, workers] as const),
    ...['INFO', 'MSG.NEXT'].map((verb) => [`$JS.API.CONSUMER.${verb}.EVENTS.${name}`, lookers] as const),
    [`$JS.ACK.EVENTS.${name}.1.1.1.1.1`, workers],
  ];
}

/** What the server refused to a connection until it was closed. */
async function refusals(connection: NatsConnection, operation: string): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const status of connection.status()) {
    if (status.type !== 'error' || !(status.error instanceof PermissionViolationError)) continue;
    const { error } = status;
    if (error.operation === operation) all.push(named(error.subject, error.queue));
  }
  return unique(all);
}

function unique(all: readonly string[]): readonly string[] {
  return [...new Set(all)].sort();
}

function named(subject: string, queue: string | undefined): string {
  return queue === undefined || queue === '' ? subject : `${subject} ${queue}`;
}
