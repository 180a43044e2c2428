import { StagedBlobs } from '@millrace/blobs';
import { GrantsCache, WorkspaceRights } from '@millrace/auth';
import type { Environment, ServiceDefinition, ServiceParts } from '@millrace/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { AnswerApproval } from './application/approvals/answer-approval';
import { GetResult } from './application/starting/endpoints/get-result';
import { HandleEndpoint } from './application/starting/endpoints/handle-endpoint';
import { RunAutomation } from './application/starting/run-automation';
import { SimulateMatch } from './application/starting/simulate-match';
import { runtimeConfig, shownRuntimeConfig, type RuntimeConfig } from './config';
import { distributionOf } from './distribution';
import { engineOf } from './engine';
import { deadLetterNews, INSPECTION_RPC, inspectionOf } from './inspection';
import { leavingOf } from './leaving';
import { LifeCycle } from './infrastructure/life-cycle';
import { BusUploads } from './infrastructure/bus-uploads';
import { leaveWithWorkspaces } from './infrastructure/models/leaving-models';
import { NodeSignatures } from './infrastructure/node-signatures';
import { Triggers } from './interface/events/triggers';
import { MatchRpc } from './interface/rpc/match.rpc';
import { RolloutRpc } from './interface/rpc/rollout/rollout.rpc';
import { RuntimeRpc } from './interface/rpc/runtime.rpc';

@Module({})
export class RuntimeModule {
  static async of(parts: ServiceParts, config: RuntimeConfig): Promise<DynamicModule> {
    const { platform, bus, clock, ids, metrics } = parts;
    const cache = await GrantsCache.open(await platform.keyValue.bucket('rights'), clock);
    const rights = new WorkspaceRights(bus, clock, cache);
    const engine = await engineOf(parts, config, rights);
    const { active, waits, finished, timers, runs, fetcher, folder } = engine;
    await Promise.all([active.start(), waits.start(), finished.start()]);
    leaveWithWorkspaces(folder, active);
    const uploads = new BusUploads(bus, new StagedBlobs(platform.blobs, clock, ids));
    const starting = {
      ...engine,
      signatures: new NodeSignatures(),
      uploads,
      clock,
      ids,
    };
    const answerApproval = new AnswerApproval({ ...starting, approvals: engine.approvals, timers, runs });
    const inspection = await inspectionOf(parts, engine, rights);
    const triggers = new Triggers({
      ...{
        eventLog: platform.eventLog,
        handleEvent: engine.handleEvent,
        timers,
        runs,
        answerApproval,
        workOffReplays: inspection.workOff,
        redrives: inspection.redrives,
        tellDeadLetter: deadLetterNews(parts),
        gathered: engine.gathered,
        schedules: engine.schedules,
        metrics,
      },
      parallel: config.runtimeParallel,
    });
    const rollout = await distributionOf(parts, engine, rights);
    return {
      module: RuntimeModule,
      controllers: [RuntimeRpc, MatchRpc, RolloutRpc, ...INSPECTION_RPC],
      providers: [
        { provide: GrantsCache, useValue: cache },
        { provide: RunAutomation, useValue: new RunAutomation(starting) },
        { provide: HandleEndpoint, useValue: new HandleEndpoint(starting) },
        { provide: GetResult, useValue: new GetResult(starting) },
        { provide: SimulateMatch, useValue: new SimulateMatch(starting) },
        { provide: AnswerApproval, useValue: answerApproval },
        ...inspection.providers,
        rollout.provider,
        { provide: Triggers, useValue: triggers },
        ...(await leavingOf(parts, engine)),
        { provide: LifeCycle, useValue: new LifeCycle(active, waits, fetcher, folder, rollout.presence) },
      ],
    };
  }
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
