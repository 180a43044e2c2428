import { describe, expect, it } from '@jest/globals';
import { KEPT_SEEDS, Simulation } from './simulate';

/** `npm run simulate` plays ten thousand and more. */
const SEEDS = 400;
const AT_ONCE = 50;

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
  it.each(Array.from({ length: SEEDS / AT_ONCE }, (_, part) => part * AT_ONCE))(
    'are what they are without, from seed %i on',
    async (from) => {
      expect(await violationsOf(Array.from({ length: AT_ONCE }, (_, seed) => from + seed))).toEqual([]);
    },
  );

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
