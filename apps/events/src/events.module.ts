import { setTimeout } from 'node:timers/promises';
import { GrantsCache, WorkspaceRights } from '@millrace/auth';
import { Clock } from '@millrace/kernel';
import { PersonErasures, type Environment, type ServiceDefinition, type ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { BackPressure } from './application/back-pressure';
import { DeclaredEvents } from './application/declared/declared-events';
import { EmitEvents } from './application/emit-events';
import { IndexHistory } from './application/index-history';
import { LiveFeed } from './application/live/live-feed';
import { PollEvents } from './application/live/poll/poll-events';
import { Measures } from './application/measures';
import { EventRights } from './application/reading/event-rights';
import { OwnRights } from './application/reading/own-rights';
import { SearchHistory } from './application/search-history';
import { ManageTopics } from './application/topics/manage-topics';
import { eventsConfig, shownEventsConfig, type EventsConfig } from './config';
import { keptHistory, openHistory } from './history.module';
import { BusOwnWorkspaces } from './infrastructure/bus-own-workspaces';
import { BusDeclaredTypes } from './infrastructure/bus-declared-types';
import { KeyValueInstances } from './infrastructure/key-value-instances';
import { ProtobufEnvelopeJson } from './infrastructure/protobuf-envelope-json';
import { Timers } from './infrastructure/timers';
import { WatchedWorkspaces } from './infrastructure/watched-workspaces';
import { WireLiveChannel } from './infrastructure/wire-live-channel';
import { HistoryConsumer } from './interface/events/history-consumer';
import { LiveReader } from './interface/events/live-reader';
import { AuditRpc } from './interface/rpc/audit.rpc';
import { EventsRpc } from './interface/rpc/events.rpc';
import { LiveRpc } from './interface/rpc/live.rpc';
import { Doorkeeper } from './interface/sockets/doorkeeper';
import { TopicsRpc } from './interface/rpc/topics.rpc';
import { SocketDoor } from './interface/sockets/socket-door';
import { StreamDoor } from './interface/streams/stream-door';
import { openTopics } from './topics.module';

/** Milliseconds between two bulks for the history, unless there is more than one takes. */
const REST = 50;

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
    const emit = new EmitEvents({ declared, eventLog, live: channel, pressure: new BackPressure(eventLog, clock), clock, ids, measures });
    const kept = await keptHistory(parts);
    const search = new SearchHistory({ history: kept.history, measures });
    const index = new IndexHistory({ history, clock, measures, log, chance: () => Math.random(), rest: () => setTimeout(REST) });
    const feed = new LiveFeed({ eventLog, envelopes: new ProtobufEnvelopeJson(), clock, measures, log });
    const reader = new LiveReader({ eventLog, channel, feed, clock, log });
    // Rights on a socket are those after the place in the feed that it was admitted at: never ones found out before.
    const freshRights = new EventRights(new WorkspaceRights(bus, clock), topics.book);
    const ownWorkspaces = new BusOwnWorkspaces(bus);
    const own = new OwnRights(freshRights, ownWorkspaces, clock);
    const doorkeeper = new Doorkeeper({ passports, bus, rights: freshRights, own, clock, ids });
    const streams = new StreamDoor({ feed, doorkeeper, measures, ids, log });
    const instances = await KeyValueInstances.open(keyValue);
    const { eventsHost: host, eventsPort: port } = config;
    const asked = openHistory(parts, measures, kept, search);
    // Also says whether the log can be reached at all.
    health.depend('event log', () => reader.check());
    return {
      module: EventsModule,
      controllers: [AuditRpc, EventsRpc, LiveRpc, TopicsRpc, ...asked.controllers],
      providers: [
        { provide: GrantsCache, useValue: cache },
        { provide: EventRights, useValue: rights },
        { provide: Clock, useValue: clock },
        { provide: WatchedWorkspaces, useValue: running },
        { provide: EmitEvents, useValue: emit },
        { provide: ManageTopics, useValue: topics.manage },
        { provide: OwnRights, useValue: new OwnRights(rights, ownWorkspaces, clock) },
        { provide: PollEvents, useValue: new PollEvents({ feed, clock, alarms: new Timers(clock), ids }) },
        { provide: SearchHistory, useValue: search },
        ...asked.providers,
        { provide: HistoryConsumer, useValue: new HistoryConsumer(eventLog, index) },
        { provide: LiveReader, useValue: reader },
        // Connections end by the same event; what the log tells of people is the log's.
        { provide: PersonErasures, useValue: new PersonErasures({ service: 'events', eventLog, clock, ids, erase: topics.erase }) },
        {
          provide: SocketDoor,
          useValue: new SocketDoor({ feed, emit, doorkeeper, streams, instances, measures, clock, ids, log, host, port }),
        },
      ],
    };
  }
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
