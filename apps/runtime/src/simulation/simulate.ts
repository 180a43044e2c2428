import type { Plan } from '@millrace/language';
import { Chance } from '@millrace/testing';
import type { Workings } from '../application/engine';
import { finishedRuns } from './checks/finished-run';
import { INVARIANTS, outcomeOf, type Seen } from './checks/invariants';
import { scenarioOf } from './scenario/generate';
import type { Scenario } from './scenario/scenario';
import { mishapsOf } from './world/mishaps';
import { planOf } from './world/planned';
import { play, type Evidence, type Playing } from './world/play';

export { KEPT_SEEDS } from './kept-seeds';

/** A promise that was not kept, and how. */
export interface Violation {
  readonly invariant: string;
  readonly what: string;
}

export interface Simulated {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly evidence: Evidence;
}

/** Seeds in a row that are schedules of the same scenario. */
const SCHEDULES = 4;

/** A scenario, and how it goes when nothing goes wrong. */
interface Prepared {
  readonly number: number;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly calm: Seen;
}

/** Plays scenarios in which processes die, and compares with how they go when none does. */
export class Simulation {
  private prepared: Prepared | undefined;

  /** `made`: what the engine is made of, when it is not the sound one. */
  constructor(private readonly made?: Workings) {}

  /** One scenario under one schedule of mishaps. The same seed is the same history. */
  async run(seed: number): Promise<Simulated> {
    const { scenario, plan, calm } = await this.prepare(Math.floor(seed / SCHEDULES));
    const chance = new Chance(seed * 31 + 7);
    const mishaps = mishapsOf(chance, calm.evidence.writes);
    const evidence = await play({ seed, scenario, plan, mishaps, processes: 1 + chance.below(2), ...this.workings });
    const seen = { evidence, runs: finishedRuns(evidence) };
    const violations = [...brokenIn(seen), ...(scenario.isSure ? differences(calm, seen) : [])];
    return { seed, violations, evidence };
  }

  /** The scenario of a seed without mishaps: it, too, keeps every promise. */
  async calm(seed: number): Promise<Simulated> {
    const { calm } = await this.prepare(Math.floor(seed / SCHEDULES));
    return { seed, violations: brokenIn(calm), evidence: calm.evidence };
  }

  private async prepare(number: number): Promise<Prepared> {
    if (this.prepared?.number === number) return this.prepared;
    const scenario = scenarioOf(number);
    const plan = planOf(scenario);
    const evidence = await play({ seed: number, scenario, plan, mishaps: [], processes: 1, ...this.workings });
    this.prepared = { number, scenario, plan, calm: { evidence, runs: finishedRuns(evidence) } };
    return this.prepared;
  }

  private get workings(): Pick<Playing, 'made'> {
    return this.made === undefined ? {} : { made: this.made };
  }
}

function brokenIn(seen: Seen): readonly Violation[] {
  return Object.entries(INVARIANTS).flatMap(([invariant, check]) => check(seen).map((what) => ({ invariant, what })));
}

/** Where nothing is left to chance, mishaps change nothing. */
function differences(calm: Seen, seen: Seen): readonly Violation[] {
  const [wanted, found] = [outcomeOf(calm), outcomeOf(seen)];
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const [without, withMishaps] = [wanted.get(name) ?? 'not there', found.get(name) ?? 'not there'];
    return without === withMishaps
      ? []
      : [{ invariant: 'asWithoutMishaps', what: `${name} is ${withMishaps}, without mishaps ${without}` }];
  });
}
