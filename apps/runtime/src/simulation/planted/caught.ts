import { Simulation } from '../simulate';
import type { Plant } from './plants';

export { PLANTS } from './plants';

/** Which seed shows a planted mistake, and by which invariants. */
export interface Caught {
  readonly seed: number;
  readonly invariants: readonly string[];
}

/** Tries seeds, from 0 up to `most`, until one shows the mistake; undefined: none does. */
export async function catchPlant({ made }: Plant, most: number): Promise<Caught | undefined> {
  const simulation = new Simulation(made);
  for (let seed = 0; seed < most; seed++) {
    const { violations } = await simulation.run(seed);
    if (violations.length > 0) return { seed, invariants: [...new Set(violations.map(({ invariant }) => invariant))] };
  }
  return undefined;
}
