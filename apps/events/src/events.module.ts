import { WorkspaceRights } from '@millrace/auth';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { BackPressure } from './application/back-pressure';
import { EmitEvents } from './application/emit-events';
import { IndexHistory } from './application/index-history';
import { Measures } from './application/measures';
import { SearchHistory } from './application/search-history';
import { eventsConfig, type EventsConfig } from './config';
import { AesCursorSeal } from './infrastructure/aes-cursor-seal';
import { WireLiveChannel } from './infrastructure/wire-live-channel';
import { HistoryConsumer } from './interface/events/history-consumer';
import { EventsRpc } from './interface/rpc/events.rpc';

@Module({})
export class EventsModule {
  static async of({ platform, bus, wire, clock, ids, log, metrics, health }: ServiceParts, _config: EventsConfig): Promise<DynamicModule> {
    const { eventLog, history } = platform;
    const measures = new Measures(metrics);
    const live = new WireLiveChannel(wire);
    const pressure = new BackPressure(eventLog, clock);
    const seal = await AesCursorSeal.open(platform.keyValue);
    const index = new IndexHistory({ history, clock, measures, log, chance: () => Math.random() });
    health.depend('event log', async () => {
      await eventLog.range();
    });
    return {
      module: EventsModule,
      controllers: [EventsRpc],
      providers: [
        { provide: WorkspaceRights, useValue: new WorkspaceRights(bus) },
        { provide: EmitEvents, useValue: new EmitEvents({ eventLog, live, pressure, clock, ids, measures }) },
        { provide: SearchHistory, useValue: new SearchHistory({ history, seal, clock, measures }) },
        { provide: HistoryConsumer, useValue: new HistoryConsumer(eventLog, index) },
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function eventsService(environment: Environment): ServiceDefinition {
  const config = eventsConfig(environment);
  return { name: 'events', module: (parts) => EventsModule.of(parts, config) };
}
