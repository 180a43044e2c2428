import { describe, expect, it } from '@jest/globals';
import { KEPT_SEEDS, Simulation } from './simulate';

const SEEDS = 1_000;

async function violationsOf(seeds: Iterable<number>): Promise<readonly string[]> {
  const simulation = new Simulation();
  const found: string[] = [];
  for (const seed of seeds) {
    const { violations } = await simulation.run(seed);
    found.push(...violations.map(({ invariant, what }) => `npm run simulate -- --seed ${seed}: ${invariant}: ${what}`));
  }
  return found;
}

describe('runs under crashes, pauses, repeated deliveries and reordered acknowledgements', () => {
  it('are what they are without', async () => {
    expect(await violationsOf(Array.from({ length: SEEDS }, (_, seed) => seed))).toEqual([]);
  });

  it('are so wherever a mistake was once', async () => {
    expect(await violationsOf(KEPT_SEEDS)).toEqual([]);
  });

  it('keep every promise when nothing goes wrong, too', async () => {
    const simulation = new Simulation();
    for (let seed = 0; seed < SEEDS; seed += 40) expect((await simulation.calm(seed)).violations).toEqual([]);
  });

  it('have the same history for the same seed', async () => {
    for (let seed = 0; seed < 40; seed++) {
      const [one, again] = [await new Simulation().run(seed), await new Simulation().run(seed)];
      expect(again.evidence.history).toEqual(one.evidence.history);
    }
  });
});
