import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Rule } from '@millrace/auth';
import { RuntimeService } from '@millrace/contracts';
import type { Json, JsonMap, Principal } from '@millrace/kernel';
import type { Bus, CallContext, Consumption, LoggedEvent } from '@millrace/messaging';
import type { Platform, ServiceDefinition } from '@millrace/service';
import { runtimeService } from '../src/index';
import { EventLoopTurns } from '../src/infrastructure/event-loop-turns';
import { digestOf, Neighbourhood, neighbours, type Sources } from './neighbours';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Services on a platform of their own, and a caller that may speak for anyone. */
interface Bench extends AsyncDisposable {
  readonly platform: Platform;
  readonly bus: Bus;
  as(principal: Principal): CallContext;
}

/** The runtime on an embedded platform, with a history that is kept, and workspaces whose versions a spec puts there. */
export class Stage implements AsyncDisposable {
  private readonly known: Neighbourhood;
  private workspaces = 0;

  private constructor(
    readonly bench: Bench,
    known: Neighbourhood,
    private readonly indexing: Consumption,
  ) {
    this.known = known;
  }

  static async open(
    serviceBench: (...definitions: readonly ServiceDefinition[]) => Promise<Bench>,
    before: (platform: Platform) => Promise<void> = async () => undefined,
  ): Promise<Stage> {
    const known = new Neighbourhood();
    const bench = await serviceBench(neighbours(known, before), runtimeService({}));
    const { eventLog, history } = bench.platform;
    const durable = { name: 'history', filter: ['*.>'], order: 'none', parallel: 100, attempts: 'unlimited', start: 'first' } as const;
    const indexing = await eventLog.consume(durable, async (event) => {
      if (event.keep !== 'log') await history.append([event]);
      return { kind: 'done' };
    });
    return new Stage(bench, known, indexing);
  }

  /** A workspace that runs these automations; answers its id, the same for the same one of a stage. */
  async workspace(sources: Sources): Promise<string> {
    this.workspaces += 1;
    const workspaceId = workspaceNamed(this.workspaces);
    await this.publish(workspaceId, sources);
    return workspaceId;
  }

  async publish(workspaceId: string, sources: Sources): Promise<void> {
    this.known.versions.set(workspaceId, sources);
    this.known.models.set(digestOf(sources), sources);
    const record = { workspaceId, slug: workspaceId, digest: digestOf(sources) };
    const bucket = await this.bench.platform.keyValue.bucket('active');
    await bucket.put(workspaceId, encoder.encode(JSON.stringify(record)));
  }

  /** Whoever has rules instead of a role, in every workspace. */
  grant(who: string, rules: readonly Rule[]): void {
    this.known.rules.set(who, rules);
  }

  /** What stands in the draft of a workspace. */
  draft(workspaceId: string, sources: Sources): void {
    this.known.drafts.set(workspaceId, sources);
  }

  /** Calls a method as a person: `ada` owns every workspace, `olga` operates, `vera` views, others are strangers. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    who = 'ada',
  ): Promise<MessageShape<O>> {
    return this.bench.bus.call(method, request, this.bench.as({ kind: 'user', id: who, name: who, roles: ['person'] }));
  }

  /** Calls a public endpoint; answers its body. */
  async knock(workspaceId: string, path: string, body: Json = {}, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const request = {
      ...{ workspaceId, method: 'POST', path, query: '', body: encoder.encode(JSON.stringify(body)), ip: '' },
      headerLines: Object.entries({ 'content-type': 'application/json', ...headers }).flat(),
    };
    const context = this.bench.as({ kind: 'user', id: 'ada', name: 'ada', roles: ['person'] });
    let text = '';
    for await (const { part } of this.bench.bus.stream(RuntimeService.method.handleEndpoint, request, context)) {
      if (part.case === 'head') text += decoder.decode(part.value.body);
      if (part.case === 'chunk') text += decoder.decode(part.value);
    }
    return text;
  }

  /** Tells an event as ada; answers its id. */
  async emit(workspaceId: string, type: string, payload: JsonMap = {}): Promise<string> {
    const id = this.bench.platform.ids.mint('evt');
    const actor = { kind: 'user', id: 'ada' } as const;
    const event = { id, workspaceId, type, time: this.bench.platform.clock.now(), payload: encoder.encode(JSON.stringify(payload)) };
    await this.bench.platform.eventLog.append([{ ...event, correlationId: 'cor', actor, source: {} }]);
    return id;
  }

  /** The first event of this type whose payload has these values, once there is one. */
  async until(workspaceId: string, type: string, like: JsonMap = {}): Promise<LoggedEvent> {
    for await (const event of this.bench.platform.eventLog.read('first', `${workspaceId}.${type}`, { live: true })) {
      const payload = payloadOf(event);
      if (Object.entries(like).every(([name, value]) => payload[name] === value)) return event;
    }
    throw new Error('The log ended.');
  }

  /** The payload of how a run of the automation ended, once history has it. */
  async finished(workspaceId: string, automation: string, like: JsonMap = {}): Promise<JsonMap> {
    const event = await this.until(workspaceId, 'runtime.runs.finished', { automation, ...like });
    await this.eventually(async () => (await this.bench.platform.history.get(workspaceId, event.id)) !== undefined);
    return payloadOf(event);
  }

  /** Asks until the answer is yes; others have their turn in between. */
  async eventually(holds: () => Promise<boolean>): Promise<void> {
    const turns = new EventLoopTurns();
    while (!(await holds())) await turns.next(holds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.indexing.stop(1_000);
    await this.bench[Symbol.asyncDispose]();
  }
}

/** The id of the workspace that is made so-manieth. */
export function workspaceNamed(number: number): string {
  return `ws_${String(number).padStart(26, '0')}`;
}

/** A text in the payload of an event; empty when there is none. */
export function textOf(payload: JsonMap, name: string): string {
  const value = payload[name];
  return typeof value === 'string' ? value : '';
}

/** The payload of an event as a value. */
export function payloadOf({ payload }: Pick<LoggedEvent, 'payload'>): JsonMap {
  return JSON.parse(decoder.decode(payload)) as JsonMap;
}
