import type { Plan } from '@millrace/language';
import type { SimulatedProcess, SimulatedWorld } from '@millrace/testing';
import type { Workings } from '../../application/engine';
import { SimulatedRuntime } from './simulated-runtime';
import type { Mishap } from './mishaps';
import type { Web } from './web';

export interface HouseParts {
  readonly world: SimulatedWorld;
  readonly plan: Plan;
  readonly web: Web;
  readonly made: Workings;
  /** Outlives every other. */
  readonly outside: SimulatedProcess;
  readonly mishaps: readonly Mishap[];
}

/** The processes of the runtime: as many as there are to be, one in the place of each that crashes. */
export class House {
  /** Durable writes of the runtime so far. */
  writes = 0;
  private readonly runtimes: SimulatedRuntime[] = [];
  private begun = 0;

  constructor(private readonly parts: HouseParts) {}

  open(processes: number): void {
    this.parts.world.onDurable((_name, _n, moment, by) => this.onDurable(moment, by));
    for (let n = 0; n < processes; n++) this.begin();
  }

  /** Those that answer. */
  get there(): readonly SimulatedRuntime[] {
    return this.runtimes.filter(({ isThere }) => isThere);
  }

  private begin(): void {
    const { world, web, made } = this.parts;
    const process = world.process(`runtime-${++this.begun}`);
    void SimulatedRuntime.begin(process, web, made).then((runtime) => this.runtimes.push(runtime));
  }

  private onDurable(moment: 'before' | 'after', by: SimulatedProcess): void {
    if (by === this.parts.outside) return;
    if (moment === 'before') this.writes += 1;
    for (const mishap of this.parts.mishaps) if (mishap.write === this.writes && mishap.moment === moment) this.befall(mishap, by);
  }

  private befall({ kind, lasts }: Mishap, process: SimulatedProcess): void {
    const { alarms, clock } = this.parts.outside;
    if (kind === 'pause') process.pause();
    else process.crash();
    alarms.set(clock.now() + lasts, () => (kind === 'pause' ? process.resume() : this.begin()));
  }
}
