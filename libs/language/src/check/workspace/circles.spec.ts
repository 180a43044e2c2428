import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { circlesIn } from './circles';
import type { Graph } from './circles';

/** Whether one node leads to another, found by trying all ways. */
function leadsTo(graph: Graph, from: string, to: string, met = new Set<string>()): boolean {
  if (from === to) return true;
  if (met.has(from)) return false;
  met.add(from);
  return (graph.get(from) ?? []).some((next) => leadsTo(graph, next, to, met));
}

describe('circlesIn', () => {
  it('finds the edges of any graph that lead back to where they come from', () => {
    const node = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(
      fc.property(fc.array(fc.tuple(node, fc.array(node, { maxLength: 3 }))), (entries) => {
        const graph: Graph = new Map(entries);
        const onCircle = circlesIn(graph);
        for (const [from, targets] of graph)
          for (const to of targets) expect([from, to, onCircle(from, to)]).toEqual([from, to, leadsTo(graph, to, from)]);
      }),
    );
  });

  it('follows a way of any length', () => {
    const graph: Graph = new Map(Array.from({ length: 100_000 }, (_, index) => [String(index), [String((index + 1) % 100_000)]]));
    expect(circlesIn(graph)('0', '1')).toBe(true);
  });
});
