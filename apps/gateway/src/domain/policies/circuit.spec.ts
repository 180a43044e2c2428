import { describe, expect, it } from '@jest/globals';
import { Circuit } from './circuit';

function calls(circuit: Circuit, count: number, isAnswered: boolean, now: number): void {
  for (let call = 0; call < count; call++) {
    const passage = circuit.enter(now);
    if (passage !== undefined) circuit.leave(passage, isAnswered, now);
  }
}

function opened(now: number): Circuit {
  const circuit = new Circuit();
  calls(circuit, 20, false, now);
  return circuit;
}

describe('a circuit', () => {
  it('opens when half of twenty calls in ten seconds failed', () => {
    const circuit = new Circuit();
    calls(circuit, 10, true, 1_000);
    calls(circuit, 9, false, 2_000);
    expect(circuit.enter(9_000)).toBe('free');
    calls(circuit, 1, false, 9_000);
    expect(circuit.enter(9_000)).toBeUndefined();
    expect(circuit.wait(9_000)).toBe(5_000);
  });

  it('stays shut for fewer calls, for fewer failures, and for failures long ago', () => {
    const circuit = new Circuit();
    calls(circuit, 19, false, 1_000);
    expect(circuit.enter(1_000)).toBe('free');
    calls(circuit, 30, true, 11_000);
    calls(circuit, 20, false, 11_000);
    expect(circuit.enter(11_000)).toBe('free');
    calls(circuit, 19, false, 60_000);
    expect(circuit.enter(60_000)).toBe('free');
  });

  it('lets three calls try after five seconds, and everybody when all three are answered', () => {
    const circuit = opened(1_000);
    expect(circuit.enter(5_999)).toBeUndefined();
    expect([1, 2, 3, 4].map(() => circuit.enter(6_000))).toEqual(['probe', 'probe', 'probe', undefined]);
    for (let probe = 0; probe < 3; probe++) {
      expect(circuit.enter(6_000)).toBeUndefined();
      circuit.leave('probe', true, 6_000);
    }
    expect(circuit.enter(6_000)).toBe('free');
    expect(circuit.wait(6_000)).toBe(0);
  });

  it('opens again when one of them is not answered', () => {
    const circuit = opened(1_000);
    expect([circuit.enter(6_000), circuit.enter(6_000)]).toEqual(['probe', 'probe']);
    circuit.leave('probe', true, 6_000);
    circuit.leave('probe', false, 6_000);
    expect([circuit.enter(10_999), circuit.enter(11_000)]).toEqual([undefined, 'probe']);
  });

  it('does not count calls that were under way when it opened', () => {
    const circuit = opened(1_000);
    circuit.leave('free', false, 4_000);
    expect(circuit.enter(6_000)).toBe('probe');
  });

  it('is not open for longer because the clock was put back', () => {
    const circuit = opened(3_600_000);
    expect(circuit.enter(1_000)).toBe('probe');
  });
});
