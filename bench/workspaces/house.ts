import { DraftsService, RuntimeService, WorkspacesService } from '@millrace/contracts';
import { check, slugOf } from '@millrace/language';
import { person, serviceBench, type ServiceBench } from '@millrace/testing';
import { eventsService } from '../../apps/events/src/index';
import { runtimeService } from '../../apps/runtime/src/index';
import { workspacesService } from '../../apps/workspaces/src/index';
import { CROWDED } from '../../apps/workspaces/testing/crowded';

const { createWorkspace, publishVersion } = WorkspacesService.method;
/** Workspaces made at once: writes that come together share a sync of the disk. */
const ABREAST = 64;

/** Workspaces, events and runtime in this process, and a person who owns workspaces in it. */
export class House implements AsyncDisposable {
  private readonly ada = person('ada');
  private made = 0;

  private constructor(private readonly bench: ServiceBench) {}

  static async open(): Promise<House> {
    return new House(await serviceBench(workspacesService(CROWDED), eventsService({}), runtimeService({})));
  }

  /** A workspace whose draft has so many automations; answers its id. */
  async workspace(automations: number): Promise<string> {
    this.made += 1;
    const { workspace } = await this.bench.bus.call(createWorkspace, { name: `Bench ${this.made} here` }, this.as());
    const workspaceId = workspace?.id ?? '';
    await this.apply(workspaceId, filesOf(automations, -1));
    return workspaceId;
  }

  /** So many workspaces, each published with so many automations; answers their ids in the order of their making. */
  async workspaces(count: number, automations: number): Promise<readonly string[]> {
    const all: string[] = [];
    let left = count;
    const maker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        const workspaceId = await this.workspace(automations);
        await this.bench.bus.call(publishVersion, { workspaceId, message: 'first' }, this.as());
        all.push(workspaceId);
      }
    };
    await Promise.all(Array.from({ length: ABREAST }, maker));
    return all;
  }

  /** Milliseconds that publishing takes after one automation was changed. */
  async publish(workspaceId: string, round: number): Promise<number> {
    await this.apply(workspaceId, { 'automations/a0.yaml': sourceOf(0, round) });
    const begun = performance.now();
    await this.bench.bus.call(publishVersion, { workspaceId, message: `round ${round}` }, this.as());
    return performance.now() - begun;
  }

  /** Milliseconds that the language alone takes to check the same files. */
  check(automations: number, round: number): number {
    const files = Object.entries(filesOf(automations, round)).map(([file, text]) => ({ file, text, slug: slugOf(file) }));
    const begun = performance.now();
    check({ automations: files }, {});
    return performance.now() - begun;
  }

  /** Milliseconds from the answer to a publish until an endpoint answers as its version does. */
  async switched(workspaceId: string, version: number): Promise<number> {
    await this.publish(workspaceId, version);
    const begun = performance.now();
    while (!(await this.knock(workspaceId)).includes(`round ${version}`));
    return performance.now() - begun;
  }

  /** Calls the endpoint of its first automation; answers its body. */
  async knock(workspaceId: string): Promise<string> {
    const request = { workspaceId, method: 'GET', path: 'a0', query: '', body: new Uint8Array(), ip: '', headerLines: [] };
    let text = '';
    for await (const { part } of this.bench.bus.stream(RuntimeService.method.handleEndpoint, request, this.as())) {
      if (part.case === 'head') text += Buffer.from(part.value.body).toString('utf8');
    }
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bench[Symbol.asyncDispose]();
  }

  private async apply(workspaceId: string, files: Readonly<Record<string, string>>): Promise<void> {
    await this.bench.bus.call(DraftsService.method.applyDraft, { workspaceId, files: { ...files }, ifMatch: '*' }, this.as());
  }

  private as() {
    return { ...this.bench.as(this.ada), deadline: Date.now() + 120_000 };
  }
}

function filesOf(automations: number, round: number): Readonly<Record<string, string>> {
  const each = Array.from({ length: automations }, (_, index) => [`automations/a${index}.yaml`, sourceOf(index, round)] as const);
  return Object.fromEntries(each);
}

/** An automation as people write them: a trigger or two, a condition, a loop, an event. */
function sourceOf(index: number, round: number): string {
  return `name: Automation ${index}
description: Takes orders of the kind ${index} and tells who is concerned.
when:
  endpoint: { path: a${index}, access: public }
  events: [orders.placed.${index}]
do:
  - set: { name: total, value: 0 }
  - repeat:
      on: '{{payload.lines}}'
      do:
        - set: { name: total, type: increment, value: '{{item.price}}' }
  - conditions:
      '{{total}} > 100':
        - emit: { event: orders.large.${index}, payload: { total: '{{total}}' } }
      default:
        - emit: { event: orders.small.${index}, payload: { total: '{{total}}' } }
output: round ${round}
`;
}
