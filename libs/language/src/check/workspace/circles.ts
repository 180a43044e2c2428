/** What leads where. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** Whether what leads from one node to another lies on a circle. Looks at each edge of the graph twice, whatever its size. */
export function circlesIn(graph: Graph): (from: string, to: string) => boolean {
  const backwards = reversed(graph);
  const circle = new Map<string, string>();
  for (const root of finishOrder(graph).toReversed()) {
    const open = [root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (circle.has(node)) continue;
      circle.set(node, root);
      open.push(...(backwards.get(node) ?? []));
    }
  }
  return (from, to) => circle.get(from) === circle.get(to);
}

function reversed(graph: Graph): Graph {
  const found = new Map<string, string[]>();
  for (const [from, targets] of graph) {
    for (const to of targets) {
      const sources = found.get(to);
      if (sources === undefined) found.set(to, [from]);
      else sources.push(from);
    }
  }
  return found;
}

/** The nodes, each behind those that it leads to and that were not met before. */
function finishOrder(graph: Graph): readonly string[] {
  const met = new Set<string>();
  const finished: string[] = [];
  for (const root of graph.keys()) {
    const path: { readonly node: string; readonly rest: Iterator<string> }[] = [];
    const enter = (node: string): void => {
      if (met.has(node)) return;
      met.add(node);
      path.push({ node, rest: (graph.get(node) ?? []).values() });
    };
    enter(root);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const next = last.rest.next();
      if (next.done !== true) enter(next.value);
      else {
        finished.push(last.node);
        path.pop();
      }
    }
  }
  return finished;
}
