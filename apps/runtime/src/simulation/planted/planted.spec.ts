import { describe, expect, it } from '@jest/globals';
import { Simulation } from '../simulate';
import { catchPlant, PLANTS } from './caught';

const MOST = 400;

describe('a mistake planted in the engine', () => {
  it.each(PLANTS)('is noticed by the simulation: $name', async (plant) => {
    const caught = await catchPlant(plant, MOST);
    expect(caught?.invariants.length).toBeGreaterThan(0);
    // The same seed shows nothing when the mistake is not there.
    expect((await new Simulation().run(caught?.seed ?? 0)).violations).toEqual([]);
  });
});
