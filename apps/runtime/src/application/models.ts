import { plan, type Limits, type Plan, type Region } from '@millrace/language';
import type { Alarms, Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import type { Log } from '@millrace/observability';
import { modelUnavailable, nothingRuns } from '../domain/refusals';
import { KeptPlans, type KeptPlan } from './kept-plans';
import type { ActiveVersion, ActiveVersions, Freeze, ModelSource } from './ports/models';

/** A workspace's version, compiled. */
export interface Model {
  readonly workspaceId: string;
  readonly digest: string;
  readonly plan: Plan;
  /** What stands still in the workspace; absent: nothing. */
  readonly freezes?: readonly Freeze[];
  /** What becomes of events that its runs emit and the version does not declare; absent: they are published like any other. */
  readonly unknownEvents?: 'warn' | 'refuse';
  /** What it was compiled with, besides its files; absent: nothing. */
  readonly region?: Region;
}

/** What a version is compiled from. */
type Compiled = Pick<ActiveVersion, 'workspaceId' | 'digest' | 'region'>;

/** Whether that stands still in the workspace. */
export function isFrozen({ freezes = [] }: Model, what: Freeze): boolean {
  return freezes.includes(what);
}

export interface ModelsSettings {
  /** Bytes of memory that compiled versions may take up. */
  readonly memory: number;
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
  private readonly kept: KeptPlans;

  constructor(
    private readonly active: ActiveVersions,
    private readonly source: ModelSource,
    private readonly log: Log,
    private readonly settings: ModelsSettings,
  ) {
    this.kept = new KeptPlans(settings.memory);
  }

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
    return { workspaceId, digest, plan: await this.inTime(active), ...heldIn(active), ...(freezes === undefined ? {} : { freezes }) };
  }

  /** A version by its digest, whether it is the active one or not. `region`: where its workspace is, or was when somebody began to use it. */
  version(workspaceId: string, digest: string, region?: Region): Promise<Plan> {
    return this.keptPlan({ workspaceId, digest, ...(region === undefined ? {} : { region }) }).coming;
  }

  /** A version by its digest, in the workspace as it is now. */
  async at(workspaceId: string, digest: string): Promise<Model> {
    const held = heldIn(await this.active.find(workspaceId));
    return { workspaceId, digest, plan: await this.version(workspaceId, digest, held.region), ...held };
  }

  /** The draft as it stands, if the caller may test it. */
  async draft(workspaceId: string, context: CallContext): Promise<Model> {
    const { digest, sources } = await this.source.draft(workspaceId, context);
    const held = heldIn(await this.active.find(workspaceId));
    const compiled = plan({ ...sources, region: held.region ?? {} }, this.settings.limits);
    this.kept.take(keyOf({ workspaceId, digest, ...held }), compiled, sources);
    return { workspaceId, digest, plan: compiled, ...held };
  }

  /** Lets go of every version of a workspace, its drafts as well. What runs on one keeps it to its end. */
  forget(workspaceId: string): void {
    this.kept.forgetAll(`${workspaceId}/`);
  }

  /** The plan, refused when it does not come in time; what comes later is there for who asks next. */
  private async inTime(active: ActiveVersion): Promise<Plan> {
    const { plan: here, coming } = this.keptPlan(active);
    if (here !== undefined) return here;
    const { alarms, clock, onStale } = this.settings;
    const { promise: late, reject } = Promise.withResolvers<never>();
    const dismiss = alarms.set(clock.now() + PATIENCE, () => {
      onStale?.();
      reject(modelUnavailable(active.workspaceId, active.digest));
    });
    return Promise.race([coming, late]).finally(dismiss);
  }

  private keptPlan(version: Compiled): Pick<KeptPlan, 'coming' | 'plan'> {
    const key = keyOf(version);
    const known = this.kept.use(key);
    if (known !== undefined) return known;
    const coming = this.compile(version);
    this.kept.expect(key, coming);
    return { coming };
  }

  private async compile(version: Compiled): Promise<Plan> {
    const { workspaceId, digest, region = {} } = version;
    const key = keyOf(version);
    try {
      const sources = await this.source.version(workspaceId, digest);
      const compiled = plan({ ...sources, region }, this.settings.limits);
      this.kept.take(key, compiled, sources);
      return compiled;
    } catch (error) {
      this.kept.forget(key);
      this.log.error('A version cannot be loaded.', { error, workspaceId, digest });
      throw modelUnavailable(workspaceId, digest);
    }
  }
}

/** What the workspace says now of what its runs go by to their end. */
function heldIn({ unknownEvents, region }: Partial<ActiveVersion> = {}): Pick<Model, 'unknownEvents' | 'region'> {
  return { ...(unknownEvents === undefined ? {} : { unknownEvents }), ...(region === undefined ? {} : { region }) };
}

function keyOf({ workspaceId, digest, region: { timeZone = '', locale = '' } = {} }: Compiled): string {
  return `${workspaceId}/${digest}/${timeZone}/${locale}`;
}
