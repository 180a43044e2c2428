import type { Rule } from '@millrace/auth';
import { GatewayService, WorkspacesService, type GetGrantsRequest } from '@millrace/contracts';
import type { Principal } from '@millrace/kernel';
import { Rpc, type CallContext, type NewEvent } from '@millrace/messaging';
import type { ServiceDefinition } from '@millrace/service';
import { serviceBench, type ServiceBench } from '@millrace/testing';
import { Controller, Inject, Module } from '@nestjs/common';
import { eventsService } from '../src/index';

const RULES = Symbol('rules');

/** What the caller may do in every workspace, until told otherwise. */
interface InForce {
  rules: readonly Rule[];
}

@Controller()
class RuledNeighbours {
  constructor(@Inject(RULES) private readonly force: InForce) {}

  @Rpc(WorkspacesService.method.getGrants)
  async getGrants({ workspaceId }: GetGrantsRequest) {
    const grants = this.force.rules.map((rule) => ({
      ...{ deny: 'deny' in rule, actions: [...('deny' in rule ? rule.deny : rule.allow)], subjects: [...rule.on] },
      ...{ where: rule.where ?? '', fields: [...(rule.fields ?? [])] },
    }));
    return { workspaceId: workspaceId === 'other' ? 'ws_2' : 'ws_1', slug: workspaceId, grants };
  }

  @Rpc(GatewayService.method.identify)
  async identify() {
    return { principal: { kind: 'user', id: VERA.id }, signed: '', expiresAt: 0n };
  }
}

@Module({})
class RuledNeighboursModule {}

/** Who calls. */
export const VERA: Principal = { kind: 'user', id: 'vera', roles: [] };

/** The events service, with rules for its one caller; `hotel` is the workspace `ws_1`, `other` is `ws_2`. */
export class RuledBench implements AsyncDisposable {
  static async start(...others: readonly ServiceDefinition[]): Promise<RuledBench> {
    const force: InForce = { rules: [{ allow: ['manage'], on: ['events', 'runs', 'retention'] }] };
    const neighbours: ServiceDefinition = {
      name: 'gateway',
      module: async () => ({
        module: RuledNeighboursModule,
        controllers: [RuledNeighbours],
        providers: [{ provide: RULES, useValue: force }],
      }),
    };
    return new RuledBench(await serviceBench(neighbours, ...others, eventsService({})), force);
  }

  private constructor(
    readonly parts: ServiceBench,
    private readonly force: InForce,
  ) {}

  get bus(): ServiceBench['bus'] {
    return this.parts.bus;
  }

  /** The context of a call of hers. */
  get context(): CallContext {
    return this.parts.as(VERA);
  }

  /** Other rules from now on; what was found out about the ones before is forgotten. */
  async rule(rules: readonly Rule[]): Promise<void> {
    this.force.rules = rules;
    const bucket = await this.parts.platform.keyValue.bucket('rights');
    for (const workspace of ['ws_1', 'ws_2']) await bucket.put(workspace, new Uint8Array());
    const watch = await bucket.watch('', () => undefined);
    await watch.caughtUp();
    await watch.stop();
  }

  /** Appends events; resolves when the history has them. */
  async said(events: readonly NewEvent[]): Promise<void> {
    const { eventLog, history } = this.parts.platform;
    await eventLog.append(events);
    for (const { workspaceId, id } of events) while ((await history.get(workspaceId, id)) === undefined) await turn();
    // And the log knows it.
    while ((await eventLog.durables()).some(({ name, lag }) => name === 'history' && lag > 0)) await turn();
  }

  /** Resolves when the history has let go of these events of `hotel`. */
  async gone(...ids: readonly string[]): Promise<void> {
    const { history } = this.parts.platform;
    for (const id of ids) while ((await history.get('ws_1', id)) !== undefined) await turn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.parts[Symbol.asyncDispose]();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
