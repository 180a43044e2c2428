import { StagedBlobs } from '@millrace/blobs';
import { GrantsCache, WorkspaceRights } from '@millrace/auth';
import { PersonErasures, type Environment, type ServiceDefinition, type ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { AnswerApproval } from './application/approvals/answer-approval';
import { EraseContexts } from './application/leaving/erase-contexts';
import { GetResult } from './application/starting/endpoints/get-result';
import { HandleEndpoint } from './application/starting/endpoints/handle-endpoint';
import { RunAutomation } from './application/starting/run-automation';
import { runtimeConfig, shownRuntimeConfig, type RuntimeConfig } from './config';
import { distributionOf } from './distribution';
import { engineOf } from './engine';
import { deadLetterNews, INSPECTION_RPC, inspectionOf } from './inspection';
import { LifeCycle } from './infrastructure/life-cycle';
import { BusUploads } from './infrastructure/bus-uploads';
import { NodeSignatures } from './infrastructure/node-signatures';
import { Triggers } from './interface/events/triggers';
import { RolloutRpc } from './interface/rpc/rollout/rollout.rpc';
import { RuntimeRpc } from './interface/rpc/runtime.rpc';

@Module({})
export class RuntimeModule {
  static async of(parts: ServiceParts, config: RuntimeConfig): Promise<DynamicModule> {
    const { platform, bus, clock, ids, metrics } = parts;
    const engine = await engineOf(parts, config);
    const { active, waits, finished, timers, runs, fetcher } = engine;
    await Promise.all([active.start(), waits.start(), finished.start()]);
    const cache = await GrantsCache.open(await platform.keyValue.bucket('rights'), clock);
    const uploads = new BusUploads(bus, new StagedBlobs(platform.blobs, clock, ids));
    const starting = {
      ...engine,
      rights: new WorkspaceRights(bus, clock, cache),
      signatures: new NodeSignatures(),
      uploads,
      clock,
      ids,
    };
    const answerApproval = new AnswerApproval({ ...starting, approvals: engine.approvals, timers, runs });
    const inspection = await inspectionOf(parts, engine, starting.rights);
    const triggers = new Triggers({
      ...{
        eventLog: platform.eventLog,
        handleEvent: engine.handleEvent,
        timers,
        runs,
        answerApproval,
        workOffReplays: inspection.workOff,
        tellDeadLetter: deadLetterNews(parts),
        gathered: engine.gathered,
        schedules: engine.schedules,
        metrics,
      },
      parallel: config.runtimeParallel,
    });
    const rollout = await distributionOf(parts, engine, starting.rights);
    return {
      module: RuntimeModule,
      controllers: [RuntimeRpc, RolloutRpc, ...INSPECTION_RPC],
      providers: [
        { provide: GrantsCache, useValue: cache },
        { provide: RunAutomation, useValue: new RunAutomation(starting) },
        { provide: HandleEndpoint, useValue: new HandleEndpoint(starting) },
        { provide: GetResult, useValue: new GetResult(starting) },
        { provide: AnswerApproval, useValue: answerApproval },
        ...inspection.providers,
        rollout.provider,
        { provide: Triggers, useValue: triggers },
        { provide: PersonErasures, useValue: await erasuresOf(parts) },
        { provide: LifeCycle, useValue: new LifeCycle(active, waits, fetcher, rollout.presence) },
      ],
    };
  }
}

/** Who has left is erased here. */
async function erasuresOf({ platform, clock, ids }: ServiceParts): Promise<PersonErasures> {
  const contexts = new EraseContexts(await platform.keyValue.bucket('contexts'));
  return new PersonErasures({ service: 'runtime', eventLog: platform.eventLog, clock, ids, erase: (user) => contexts.run(user) });
}

/** The service as standalone and its own main start it. */
export function runtimeService(environment: Environment): ServiceDefinition {
  const config = runtimeConfig(environment);
  return {
    name: 'runtime',
    needs: ['eventLog', 'history', 'blobs'],
    settings: shownRuntimeConfig(environment),
    module: (parts) => RuntimeModule.of(parts, config),
  };
}
