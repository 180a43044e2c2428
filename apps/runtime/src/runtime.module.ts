import { WorkspaceRights } from '@millrace/auth';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { Executor } from './application/execute';
import { HandleEndpoint } from './application/handle-endpoint';
import { HandleEvent } from './application/handle-event';
import { Models } from './application/models';
import { RunAutomation } from './application/run-automation';
import { runtimeConfig, type RuntimeConfig } from './config';
import { BusModelSource } from './infrastructure/bus-model-source';
import { EventLoopTurns } from './infrastructure/event-loop-turns';
import { LifeCycle } from './infrastructure/life-cycle';
import { UndiciFetcher } from './infrastructure/fetch/undici-fetcher';
import { WatchedActiveVersions } from './infrastructure/watched-active-versions';
import { Triggers } from './interface/events/triggers';
import { RuntimeRpc } from './interface/rpc/runtime.rpc';

@Module({})
export class RuntimeModule {
  static async of({ platform, bus, clock, ids, log, metrics }: ServiceParts, config: RuntimeConfig): Promise<DynamicModule> {
    const { eventLog } = platform;
    const active = new WatchedActiveVersions(await platform.keyValue.bucket('active'));
    await active.start();
    const fetcher = new UndiciFetcher({ allow: config.fetchAllow, ownOrigin: new URL(config.publicUrl).origin, clock });
    const source = new BusModelSource(bus, clock, ids);
    const models = new Models(active, source, log, config.runtimePlans);
    const prefilled = { global: { apiUrl: config.publicUrl } };
    const executor = new Executor({ eventLog, fetcher, clock, ids, turns: new EventLoopTurns(), prefilled });
    const rights = new WorkspaceRights(bus);
    const triggers = new Triggers(eventLog, new HandleEvent(models, executor, clock, ids), config.runtimeParallel, metrics);
    return {
      module: RuntimeModule,
      controllers: [RuntimeRpc],
      providers: [
        { provide: RunAutomation, useValue: new RunAutomation({ models, source, executor, rights, clock, ids }) },
        { provide: HandleEndpoint, useValue: new HandleEndpoint({ models, executor, rights, clock, ids, log }) },
        { provide: Triggers, useValue: triggers },
        { provide: LifeCycle, useValue: new LifeCycle(active, fetcher) },
      ],
    };
  }
}

/** The service as standalone and its own main start it. */
export function runtimeService(environment: Environment): ServiceDefinition {
  const config = runtimeConfig(environment);
  return { name: 'runtime', module: (parts) => RuntimeModule.of(parts, config) };
}
