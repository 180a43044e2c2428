import { plan, type Limits, type Plan } from '@millrace/language';
import type { Alarms, Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { modelUnavailable, nothingRuns } from '../domain/refusals';
import type { ActiveVersion, ActiveVersions, Freeze, ModelSource } from './ports/models';

/** A workspace's version, compiled. */
export interface Model {
  readonly workspaceId: string;
  readonly digest: string;
  readonly plan: Plan;
  /** What stands still in the workspace; absent: nothing. */
  readonly freezes?: readonly Freeze[];
}

/** Whether that stands still in the workspace. */
export function isFrozen({ freezes = [] }: Model, what: Freeze): boolean {
  return freezes.includes(what);
}

export interface ModelsSettings {
  /** Compiled versions kept. */
  readonly capacity: number;
  /** What runs may use up at most; a workspace may lower it. */
  readonly limits: Partial<Limits>;
  readonly alarms: Alarms;
  readonly clock: Clock;
  /** Told each time that a workspace is refused because its newest version is not there in time. */
  readonly onStale?: () => void;
}

/** Milliseconds that a version that is to run may take to come: after that its workspace is refused, never run on an older one. */
const PATIENCE = 2_000;

/** The compiled versions, by digest: fetched and compiled once, the least recently used leave first. */
export class Models {
  private readonly compiled = new Map<string, Promise<Plan>>();
  /** Those that have come, of the compiled. */
  private readonly come = new WeakMap<Promise<Plan>, Plan>();

  constructor(
    private readonly active: ActiveVersions,
    private readonly source: ModelSource,
    private readonly log: Log,
    private readonly settings: ModelsSettings,
  ) {}

  /** What runs in a workspace, by id or slug. Refuses with `runtime.nothing_published` or `runtime.model_unavailable`. */
  async get(workspace: string): Promise<Model> {
    const model = await this.find(workspace);
    if (model === undefined) throw nothingRuns(workspace);
    return model;
  }

  /** As `get`; undefined when nothing runs there. */
  async find(workspace: string): Promise<Model | undefined> {
    const active = await this.active.find(workspace);
    if (active === undefined) return undefined;
    const { workspaceId, digest, freezes } = active;
    return { workspaceId, digest, plan: await this.inTime(active), ...(freezes === undefined ? {} : { freezes }) };
  }

  /** A version by its digest, whether it is the active one or not. */
  version(workspaceId: string, digest: string): Promise<Plan> {
    return this.plan({ workspaceId, digest });
  }

  /** The draft as it stands, if the caller may test it. */
  async draft(workspaceId: string, context: CallContext): Promise<Model> {
    const { digest, sources } = await this.source.draft(workspaceId, context);
    const compiled = plan(sources, this.settings.limits);
    this.remember(`${workspaceId}/${digest}`, Promise.resolve(compiled));
    return { workspaceId, digest, plan: compiled };
  }

  /** The plan, refused when it does not come in time; what comes later is there for who asks next. */
  private async inTime(active: ActiveVersion): Promise<Plan> {
    const coming = this.plan(active);
    const come = this.come.get(coming);
    if (come !== undefined) return come;
    const { alarms, clock, onStale } = this.settings;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const dismiss = alarms.set(clock.now() + PATIENCE, () => {
      onStale?.();
      reject(modelUnavailable(active.workspaceId, active.digest));
    });
    return Promise.race([coming, late]).finally(dismiss);
  }

  private plan({ workspaceId, digest }: Pick<ActiveVersion, 'workspaceId' | 'digest'>): Promise<Plan> {
    const key = `${workspaceId}/${digest}`;
    const known = this.compiled.get(key);
    const plan = known ?? this.compile(workspaceId, digest, key);
    this.remember(key, plan);
    if (known === undefined)
      void plan.then(
        (ready) => this.come.set(plan, ready),
        () => undefined,
      );
    return plan;
  }

  /** As the one used last; what is too many goes. */
  private remember(key: string, plan: Promise<Plan>): void {
    this.compiled.delete(key);
    this.compiled.set(key, plan);
    for (const oldest of this.compiled.keys()) {
      if (this.compiled.size <= this.settings.capacity) return;
      this.compiled.delete(oldest);
    }
  }

  private async compile(workspaceId: string, digest: string, key: string): Promise<Plan> {
    try {
      return plan(await this.source.version(workspaceId, digest), this.settings.limits);
    } catch (error) {
      this.compiled.delete(key);
      this.log.error('A version cannot be loaded.', { error, workspaceId, digest });
      throw modelUnavailable(workspaceId, digest);
    }
  }
}
