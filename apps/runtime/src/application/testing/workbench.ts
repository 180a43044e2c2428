import { ANONYMOUS, type Alarms, type Clock, type Ids, type Json, type JsonMap, type Principal } from '@millrace/kernel';
import type { WorkspaceSources } from '@millrace/language';
import type { CallContext, Consumption, EventLog, KeyValue, LoggedEvent, NewEvent } from '@millrace/messaging';
import type { AnswerPart } from '../../domain/reply';
import type { EndpointCall } from '../../domain/request';
import type { Run } from '../../domain/run';
import { AnswerApproval } from '../approvals/answer-approval';
import { Approvals } from '../approvals/approvals';
import { engineOn, type Engine, type EngineSettings } from '../engine';
import type { Modules } from '../ports/modules';
import type { Turns } from '../ports/turn';
import type { Signatures } from '../ports/signatures';
import { GetResult } from '../starting/endpoints/get-result';
import { HandleEndpoint } from '../starting/endpoints/handle-endpoint';
import { RunAutomation } from '../starting/run-automation';
import { KeptConfigurations } from './kept-configurations';
import { NoModules } from './no-modules';
import { HeardLive } from './heard-live';
import { ToldTopics } from './told-topics';
import {
  KeptLog,
  KeptSources,
  MemoryBlobs,
  NoSignatures,
  PromisedTurns,
  ToldFetcher,
  ToldRights,
  ToldSecrets,
  ToldUploads,
  ToldVersions,
} from './told';

/** What a workbench stands on. */
export interface BenchPorts {
  readonly eventLog: EventLog;
  readonly keyValue: KeyValue;
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly ids: Ids;
}

/** An answer of an endpoint, put together. */
export interface Answered {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly string[];
}

export interface BenchOptions {
  readonly settings?: Partial<EngineSettings>;
  /** Shared by the benches of one world. */
  readonly blobs?: MemoryBlobs;
  /** None is believed when absent. */
  readonly signatures?: Signatures;
  /** Shared by the benches of one world; there are none when absent. */
  readonly secrets?: ToldSecrets;
  /** There are none when absent. */
  readonly modules?: Modules;
  readonly turns?: Turns;
}

/** The ports that do as they are told. */
interface Told {
  readonly active: ToldVersions;
  readonly source: KeptSources;
  readonly fetcher: ToldFetcher;
  readonly topics: ToldTopics;
  readonly live: HeardLive;
  readonly log: KeptLog;
  readonly secrets: ToldSecrets;
  readonly rights: ToldRights;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const WORKSPACE = 'ws_1';

const SETTINGS: EngineSettings = {
  plans: 1024 * 1024,
  longestActive: 300_000,
  apiUrl: 'http://here',
  limits: { perInstance: 1_000, runsPerSecond: Infinity, burst: 1_000 },
};

/** One process of the runtime, its engine put together as in a service, on ports that a test gives it, with one workspace. */
export class Workbench {
  readonly fetcher: ToldFetcher;
  readonly topics: ToldTopics;
  readonly live: HeardLive;
  readonly versions: ToldVersions;
  readonly log: KeptLog;
  readonly rights: ToldRights;
  readonly uploads = new ToldUploads();
  readonly endpoint: HandleEndpoint;
  readonly automation: RunAutomation;
  readonly result: GetResult;
  readonly approval: AnswerApproval;
  private readonly sources: KeptSources;

  private constructor(
    readonly ports: BenchPorts,
    readonly engine: Engine,
    told: Told,
    signatures: Signatures,
  ) {
    this.fetcher = told.fetcher;
    this.topics = told.topics;
    this.rights = told.rights;
    this.live = told.live;
    this.versions = told.active;
    this.log = told.log;
    this.sources = told.source;
    const parts = { ...engine, ...ports, rights: this.rights, signatures, secrets: told.secrets, uploads: this.uploads };
    this.endpoint = new HandleEndpoint(parts);
    this.automation = new RunAutomation(parts);
    this.result = new GetResult(parts);
    this.approval = new AnswerApproval(parts);
  }

  static async of(ports: BenchPorts, automations: Readonly<Record<string, string>>, options: BenchOptions = {}): Promise<Workbench> {
    const told = {
      active: new ToldVersions(),
      source: new KeptSources(),
      fetcher: new ToldFetcher(),
      topics: new ToldTopics(),
      live: new HeardLive(),
      log: new KeptLog(),
      rights: new ToldRights(),
    };
    const secrets = options.secrets ?? new ToldSecrets();
    const own = {
      ...told,
      secrets,
      blobs: options.blobs ?? new MemoryBlobs(),
      configurations: new KeptConfigurations(await ports.keyValue.bucket('configs')),
      turns: options.turns ?? new PromisedTurns(),
      modules: options.modules ?? new NoModules(),
    };
    const engine = await engineOn({ ...ports, ...own }, { ...SETTINGS, ...options.settings });
    const bench = new Workbench(ports, engine, { ...told, secrets }, options.signatures ?? new NoSignatures());
    bench.publish('d', automations);
    await Promise.all([engine.waits.start(), engine.finished.start()]);
    return bench;
  }

  /** Makes these automations what runs, with the apps in their workspace, the events it declares and its `workspace.yaml`. */
  publish(
    digest: string,
    automations: Readonly<Record<string, string>>,
    apps: WorkspaceSources['apps'] = {},
    events: WorkspaceSources['events'] = [],
    settings = '',
  ): void {
    const texts = Object.entries(automations).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text }));
    const workspace = settings === '' ? {} : { workspace: { file: 'workspace.yaml', text: settings } };
    this.sources.versions.set(digest, { automations: texts, apps, events, ...workspace });
    this.versions.versions.set(WORKSPACE, { workspaceId: WORKSPACE, slug: 'main', digest });
  }

  /** Follows the timers and the log, as a service does. */
  async follow(): Promise<Consumption> {
    const { timers, runs, handleEvent } = this.engine;
    await timers.start((name) => (Approvals.owns(name) ? this.approval.onTimer(name) : runs.onTimerOf(name)));
    const durable = { name: 'runtime', filter: ['*.>'], order: 'key', parallel: 16, attempts: 5, start: 'first' } as const;
    return this.ports.eventLog.consume(durable, async (event, { attempt, isAgain = false }) => {
      await handleEvent.run(event, isAgain ? Math.max(attempt, 2) : attempt);
      return { kind: 'done' };
    });
  }

  /** Tells the log something from outside. */
  async emit(type: string, payload: JsonMap = {}, more: Partial<NewEvent> = {}): Promise<LoggedEvent> {
    const { eventLog, ids, clock } = this.ports;
    const event: NewEvent = {
      ...{ id: ids.mint('evt'), workspaceId: WORKSPACE, type, time: clock.now(), payload: encoder.encode(JSON.stringify(payload)) },
      ...{ correlationId: 'cor_1', actor: { kind: 'user', id: 'ada' }, source: {} },
      ...more,
    };
    const [appended] = await eventLog.append([event]);
    if (appended === undefined) throw new Error('nothing was appended');
    return { ...event, position: appended.position, recordedAt: appended.recordedAt };
  }

  /** Hands an event to the runs, as its delivery does. */
  deliver(event: LoggedEvent, attempt = 1): Promise<void> {
    return this.engine.handleEvent.run(event, attempt);
  }

  /** Calls an endpoint. */
  async call(path: string, headers: Readonly<Record<string, string>> = {}, principal: Principal = ANONYMOUS): Promise<Answered> {
    const call: EndpointCall = { method: 'POST', path, query: '', headers, body: new Uint8Array(), ip: '' };
    return gathered(this.endpoint.run(this.context(principal), WORKSPACE, call));
  }

  /** Comes back for an answer. */
  async comeBack(location: string, wait = 0, principal: Principal = ANONYMOUS): Promise<Answered> {
    return gathered(this.result.run(this.context(principal), location.split('/').at(-1) ?? '', wait));
  }

  context(principal: Principal): CallContext {
    return { principal, correlationId: this.ports.ids.mint('req'), deadline: Infinity };
  }

  /** Everything that is on the log of a type. */
  async logged(type = '>'): Promise<readonly LoggedEvent[]> {
    return Array.fromAsync(this.ports.eventLog.read('first', `*.${type}`, { live: false }));
  }

  /** The types and payloads on the log, without what the seed system tells of each run. */
  async told(): Promise<readonly (readonly [string, Json])[]> {
    const events = (await this.logged()).filter(({ type }) => type !== 'runtime.automations.executed');
    return events.map((event) => [event.type, payloadOf(event)]);
  }

  /** The records of the runs that have ended. */
  async records(): Promise<readonly JsonMap[]> {
    return (await this.logged('runtime.runs.finished')).map((event) => payloadOf(event) as JsonMap);
  }

  /** The value of a context of the workspace. */
  async global(): Promise<JsonMap> {
    return (await this.engine.contexts.load(WORKSPACE, { context: 'global', instance: '', owner: '' })).value;
  }

  /** Begins a run of an automation as nobody starts one, without an event to fall back on. */
  async begin(slug: string, more: Partial<Run> = {}, locals: JsonMap = {}) {
    const { plan } = await this.engine.models.get(WORKSPACE);
    return this.engine.runs.begin(plan, runOf(slug, this.ports, more), locals);
  }
}

export function payloadOf({ payload }: LoggedEvent): Json {
  return JSON.parse(decoder.decode(payload)) as Json;
}

function runOf(slug: string, { ids, clock }: BenchPorts, more: Partial<Run>): Run {
  return {
    ...{ id: ids.mint('run'), workspaceId: WORKSPACE, digest: 'd', slug, trigger: { type: 'test', value: slug, id: 'req_1' } },
    ...{ correlationId: 'cor_1', causationId: 'req_1', depth: 1, startedAt: clock.now(), deadline: clock.now() + 30 * 86_400_000 },
    ...{ priority: 'normal', record: 'full' },
    ...more,
  };
}

async function gathered(parts: AsyncIterable<AnswerPart>): Promise<Answered> {
  let head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  const chunks: string[] = [];
  for await (const part of parts) {
    if ('head' in part) head = part.head;
    const piece = 'head' in part ? part.body : part.chunk;
    if (piece !== undefined) chunks.push(piece);
  }
  return { status: head?.status, headers: head?.headers ?? {}, chunks };
}
