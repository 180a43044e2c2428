import type { CallContext } from '@millrace/messaging';
import type { SimulatedProcess } from '@millrace/testing';
import { AnswerApproval } from '../../application/approvals/answer-approval';
import { Approvals } from '../../application/approvals/approvals';
import { engineOn, type Engine, type Workings } from '../../application/engine';
import { Gatherings } from '../../application/admission/gatherings';
import { GetResult } from '../../application/starting/endpoints/get-result';
import { HandleEndpoint } from '../../application/starting/endpoints/handle-endpoint';
import { KeptConfigurations } from '../../application/testing/kept-configurations';
import { NoModules } from '../../application/testing/no-modules';
import { HeardLive } from '../../application/testing/heard-live';
import { ToldTopics } from '../../application/testing/told-topics';
import {
  KeptLog,
  KeptSources,
  MemoryBlobs,
  NoSignatures,
  PromisedTurns,
  ToldRights,
  ToldSecrets,
  ToldUploads,
  ToldVersions,
} from '../../application/testing/told';
import { SimulatedIds } from './simulated-ids';
import { WebFetcher, type Web } from './web';

export const WORKSPACE = 'ws_1';
/** Who may answer approvals. */
export const BOSS = 'usr_boss';
const ATTEMPTS = 5;

const SETTINGS = {
  plans: 64 * 1024,
  longestActive: 300_000,
  apiUrl: 'http://here.test',
  tellsExecutions: true,
  limits: { perInstance: 1_000, runsPerSecond: Infinity, burst: 1_000 },
};

const NO_SECRETS = new ToldSecrets();

/** One process of the runtime, at work. */
export class SimulatedRuntime {
  readonly endpoint: HandleEndpoint;
  readonly results: GetResult;
  readonly approval: AnswerApproval;

  private constructor(
    readonly process: SimulatedProcess,
    private readonly engine: Engine,
    ids: SimulatedIds,
    rights: ToldRights,
  ) {
    const { clock } = process;
    const told = { signatures: new NoSignatures(), secrets: NO_SECRETS, uploads: new ToldUploads() };
    const parts = { ...engine, clock, ids, rights, ...told };
    this.endpoint = new HandleEndpoint(parts);
    this.results = new GetResult(parts);
    this.approval = new AnswerApproval(parts);
  }

  /** Resolves when it is ready. */
  static async begin(process: SimulatedProcess, web: Web, made: Workings): Promise<SimulatedRuntime> {
    const { eventLog, keyValue, clock, alarms } = process;
    const ids = new SimulatedIds(process.name);
    const fetcher = new WebFetcher(web, clock, alarms);
    const rights = new ToldRights();
    rights.rights.set(BOSS, ['read workspaces']);
    const own = {
      fetcher,
      rights,
      active: new ToldVersions(),
      source: new KeptSources(),
      blobs: new MemoryBlobs(),
      turns: new PromisedTurns(),
      secrets: NO_SECRETS,
      configurations: new KeptConfigurations(await keyValue.bucket('configs')),
      topics: new ToldTopics(),
      live: new HeardLive(),
      modules: new NoModules(),
      log: new KeptLog(),
    };
    const engine = await engineOn({ eventLog, keyValue, clock, alarms, ids, ...own }, SETTINGS, made);
    const runtime = new SimulatedRuntime(process, engine, ids, rights);
    await Promise.all([engine.waits.start(), engine.finished.start()]);
    await runtime.follow();
    return runtime;
  }

  /** Whether it answers at the moment. */
  get isThere(): boolean {
    return this.process.isAlive && !this.process.isPaused;
  }

  /** As `Triggers` does. */
  private async follow(): Promise<void> {
    const { timers, handleEvent } = this.engine;
    await timers.start((name) => this.onTimer(name));
    const durable = { name: 'runtime', filter: ['*.>'], order: 'key', parallel: 64, attempts: ATTEMPTS, start: 'first' } as const;
    await this.process.eventLog.consume(durable, async (event, { attempt, isAgain = false }) => {
      await handleEvent.run(event, isAgain ? Math.max(attempt, 2) : attempt);
      return { kind: 'done' };
    });
  }

  private onTimer(name: string): Promise<void> {
    const { gathered, runs } = this.engine;
    if (Approvals.owns(name)) return this.approval.onTimer(name);
    return Gatherings.owns(name) ? gathered.onTimer(name) : runs.onTimerOf(name);
  }
}

/** A call by somebody. */
export function callBy(id: string): CallContext {
  return { principal: { kind: 'user', id, roles: [] }, correlationId: `req-${id}`, deadline: Infinity };
}
