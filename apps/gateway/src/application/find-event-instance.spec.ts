import { describe, expect, it } from '@jest/globals';
import { FindEventInstance } from './find-event-instance';
import { EventInstances, type EventInstance } from './ports/event-instances';

class Given extends EventInstances {
  constructor(private readonly instances: readonly EventInstance[]) {
    super();
  }

  override all(): readonly EventInstance[] {
    return this.instances;
  }
}

const instance = (name: string, sockets: number, draining = false): EventInstance => ({
  instance: name,
  address: `127.0.0.1:${sockets}`,
  sockets,
  draining,
});
const find = (...instances: EventInstance[]): FindEventInstance => new FindEventInstance(new Given(instances));

describe('the process for a socket', () => {
  it('is the one its id names, draining or not', () => {
    const finder = find(instance('evi_a', 1), instance('evi_b', 0, true));
    expect(finder.holderOf('evi_b.xyz')?.instance).toBe('evi_b');
    expect(finder.holderOf('evi_c.xyz')).toBeUndefined();
    expect(finder.holderOf('')).toBeUndefined();
    expect(finder.holderOf('evi_a')?.instance).toBe('evi_a');
  });

  it('is the least loaded for a new one, and never one that drains', () => {
    expect(find(instance('a', 5), instance('b', 2), instance('c', 3), instance('d', 0, true)).forNew().instance).toBe('b');
  });

  it('is another one when the first does not answer, until that one announces itself again', () => {
    const dead = instance('dead', 0);
    const announced = [dead, instance('alive', 9)];
    const finder = new FindEventInstance(new Given(announced));
    finder.didNotAnswer(dead);
    expect(finder.forNew().instance).toBe('alive');
    announced[0] = { ...dead };
    expect(finder.forNew().instance).toBe('dead');
  });

  it('is nowhere while all drain or none is there', () => {
    expect(() => find().forNew()).toThrow(expect.objectContaining({ code: 'gateway.events_away', refusal: 'unavailable' }));
    expect(() => find(instance('a', 0, true)).forNew()).toThrow(expect.objectContaining({ code: 'gateway.events_away' }));
  });
});
