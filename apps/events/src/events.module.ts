import { setTimeout } from 'node:timers/promises';
import { GatheredGrants, GrantsCache, WorkspaceRights } from '@millrace/auth';
import { Clock } from '@millrace/kernel';
import { PersonErasures, SystemAlarms, type Environment, type ServiceDefinition, type ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DeclaredEvents } from './application/declared/declared-events';
import { EmitEvents } from './application/emit-events';
import { IndexHistory } from './application/index-history';
import { LiveFeed } from './application/live/live-feed';
import { Attendance } from './application/live/attendance/attendance';
import { ManageConnections } from './application/live/connections/manage-connections';
import { LimitNews } from './application/live/attendance/limit-news';
import { PollEvents } from './application/live/poll/poll-events';
import { Measures } from './application/measures';
import { observe } from './application/observed';
import { EventRights } from './application/reading/event-rights';
import { OwnRights } from './application/reading/own-rights';
import { SearchHistory } from './application/search-history';
import { ManageTopics } from './application/topics/manage-topics';
import { eventsConfig, limitsOf, shownEventsConfig, type EventsConfig } from './config';
import { openConnections } from './connections.module';
import { keptHistory, openHistory } from './history.module';
import { BusOwnWorkspaces } from './infrastructure/bus-own-workspaces';
import { BusDeclaredTypes } from './infrastructure/bus-declared-types';
import { ProtobufEnvelopeJson } from './infrastructure/protobuf-envelope-json';
import { WatchedWorkspaces } from './infrastructure/watched-workspaces';
import { WireLiveChannel } from './infrastructure/wire-live-channel';
import { HistoryConsumer } from './interface/events/history-consumer';
import { LiveReader } from './interface/events/live-reader';
import { AuditRpc } from './interface/rpc/audit.rpc';
import { EventsRpc } from './interface/rpc/events.rpc';
import { LiveRpc } from './interface/rpc/live.rpc';
import { Doorkeeper } from './interface/sockets/doorkeeper';
import { TopicsRpc } from './interface/rpc/topics.rpc';
import { Namespaces } from './interface/sockets/namespaces';
import { SocketDoor } from './interface/sockets/socket-door';
import { StreamDoor } from './interface/streams/stream-door';
import { openLog } from './log.module';
import { openTopics } from './topics.module';

/** Milliseconds between two bulks for the history, unless there is more than one takes. */
const REST = 250;

@Module({})
export class EventsModule {
  static async of(parts: ServiceParts, config: EventsConfig): Promise<DynamicModule> {
    const { platform, bus, wire, passports, clock, ids, log, metrics, health } = parts;
    const { eventLog, history, keyValue } = platform;
    const measures = new Measures(metrics);
    const cache = await GrantsCache.open(await keyValue.bucket('rights'), clock);
    const workspaceRights = new WorkspaceRights(bus, clock, cache);
    const topics = await openTopics(parts, workspaceRights);
    const rights = new EventRights(workspaceRights, topics.book);
    const channel = new WireLiveChannel(wire);
    const running = await WatchedWorkspaces.follow(await keyValue.bucket('active'));
    const declared = new DeclaredEvents(running, new BusDeclaredTypes(bus, clock, ids));
    const alarms = new SystemAlarms(clock);
    const kept = await keptHistory(parts);
    const { pressure, ...keeping } = await openLog(parts, config, alarms, kept.retentions);
    const emit = new EmitEvents({ declared, eventLog, live: channel, pressure, clock, ids, measures });
    const search = new SearchHistory({ history: kept.history, measures });
    const index = new IndexHistory({ history, clock, measures, log, chance: () => Math.random(), rest: () => setTimeout(REST) });
    const feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, alarms, measures, log });
    observe(metrics, { eventLog, feed });
    const reader = new LiveReader({ eventLog, channel, feed, clock, log });
    // Rights on a socket are those after the place in the feed that it was admitted at: never ones found out before.
    const freshRights = new EventRights(new WorkspaceRights(bus, clock, new GatheredGrants()), topics.book);
    const ownWorkspaces = new BusOwnWorkspaces(bus);
    const own = new OwnRights(freshRights, ownWorkspaces, clock);
    const doorkeeper = new Doorkeeper({ passports, bus, rights: freshRights, own, clock, ids });
    const { attendance, unread, door } = boundsOf(parts, config, measures);
    const live = { feed, doorkeeper, alarms, attendance, measures, ids, log };
    const streams = new StreamDoor({ ...live, unread });
    const { manage: connections, ...known } = await openConnections(parts, workspaceRights, feed);
    const { nearServers } = parts.platform;
    const asked = openHistory(parts, measures, kept, search, topics.book);
    health.depend('live feed', () => reader.check());
    return {
      module: EventsModule,
      controllers: [AuditRpc, EventsRpc, LiveRpc, TopicsRpc, ...asked.controllers, ...keeping.controllers],
      providers: [
        { provide: GrantsCache, useValue: cache },
        { provide: EventRights, useValue: rights },
        { provide: Clock, useValue: clock },
        { provide: WatchedWorkspaces, useValue: running },
        { provide: EmitEvents, useValue: emit },
        { provide: ManageTopics, useValue: topics.manage },
        { provide: OwnRights, useValue: new OwnRights(rights, ownWorkspaces, clock) },
        { provide: PollEvents, useValue: new PollEvents({ feed, clock, alarms, ids }) },
        { provide: ManageConnections, useValue: connections },
        { provide: SearchHistory, useValue: search },
        ...asked.providers,
        ...keeping.providers,
        { provide: HistoryConsumer, useValue: new HistoryConsumer(eventLog, index) },
        { provide: LiveReader, useValue: reader },
        // Connections end by the same event; what the log tells of people is the log's.
        { provide: PersonErasures, useValue: new PersonErasures({ service: 'events', eventLog, clock, ids, erase: topics.erase }) },
        {
          provide: SocketDoor,
          useValue: new SocketDoor({ ...live, ...door, ...known, emit, streams, nearServers, clock }),
        },
      ],
    };
  }
}

/** Where sockets come in, and what bounds how much may be followed live. */
function boundsOf({ platform: { eventLog }, clock, ids, log }: ServiceParts, config: EventsConfig, measures: Measures) {
  const news = new LimitNews({ eventLog, clock, ids, log });
  const refused = (code: string): void => measures.liveRefused.inc({ code });
  return {
    attendance: new Attendance(limitsOf(config), refused, (nearly) => void news.tell(nearly)),
    unread: config.liveUnreadSeconds * 1_000,
    door: {
      namespaces: new Namespaces(config.liveNamespacesPerConnection, refused),
      host: config.eventsHost,
      port: config.eventsPort,
    },
  };
}

/** The service as standalone and its own main start it. */
export function eventsService(environment: Environment): ServiceDefinition {
  const config = eventsConfig(environment);
  return {
    name: 'events',
    needs: ['eventLog', 'history', 'documents'],
    settings: shownEventsConfig(environment),
    module: (parts) => EventsModule.of(parts, config),
  };
}
