import type { Plan, WorkspaceSources } from '@millrace/language';

/** A plan that is here or on its way. */
export interface KeptPlan {
  readonly coming: Promise<Plan>;
  /** Once it has come. */
  readonly plan?: Plan;
  /** Bytes of memory; 0 while it is on its way. */
  readonly weight: number;
}

/** Bytes that a compiled workspace takes up beside what its texts become. */
const FRAME = 4 * 1024;
/** Bytes for each character of a text: dense automations become about thirty, plain values four. */
const BYTES_EACH = 32;

/** Plans by name within so many bytes of memory: the least recently used leave first. */
export class KeptPlans {
  private readonly plans = new Map<string, KeptPlan>();
  private weight = 0;
  /** The one used last, which need not be put there again. */
  private last = '';

  /** `most`: bytes, by {@link weightOf}. */
  constructor(private readonly most: number) {}

  /** The plan, which is now the one used last. */
  use(name: string): KeptPlan | undefined {
    const kept = this.plans.get(name);
    if (kept === undefined || name === this.last) return kept;
    this.plans.delete(name);
    this.put(name, kept);
    return kept;
  }

  /** A plan that is on its way; whoever asks for it meanwhile waits for the same. */
  expect(name: string, coming: Promise<Plan>): void {
    this.forget(name);
    this.put(name, { coming, weight: 0 });
  }

  /** A plan that has come, of these sources. What is too much by now leaves. */
  take(name: string, plan: Plan, sources: WorkspaceSources): void {
    this.forget(name);
    const weight = weightOf(sources);
    this.put(name, { coming: Promise.resolve(plan), plan, weight });
    this.weight += weight;
    this.makeRoom(name);
  }

  forget(name: string): void {
    this.weight -= this.plans.get(name)?.weight ?? 0;
    this.plans.delete(name);
  }

  /** Those whose names begin so. */
  forgetAll(beginning: string): void {
    for (const name of this.plans.keys()) if (name.startsWith(beginning)) this.forget(name);
  }

  private put(name: string, kept: KeptPlan): void {
    this.last = name;
    this.plans.set(name, kept);
  }

  /** The one that came last stays, however large: else it would be compiled for each of its runs. */
  private makeRoom(last: string): void {
    for (const [name, { plan }] of this.plans) {
      if (this.weight <= this.most || name === last) return;
      if (plan !== undefined) this.forget(name);
    }
  }
}

/** About how many bytes of memory these sources take up compiled; rather more than less. */
export function weightOf({ workspace, automations, events = [], apps = {} }: WorkspaceSources): number {
  const texts = [...automations, ...events, ...(workspace === undefined ? [] : [workspace])];
  const own = texts.reduce((total, { text }) => total + text.length, 0);
  return Object.values(apps).reduce((total, app) => total + weightOf(app), FRAME + BYTES_EACH * own);
}
