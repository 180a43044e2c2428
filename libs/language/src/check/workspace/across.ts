import { call } from '../../instructions/flow/call';
import type { Problem } from '../../problems/problem';
import { entryOf } from '../../read/tree';
import { ByPattern } from './by-pattern';
import { literalText } from '../facts';
import type { Facts, Step } from '../facts';
import { remark } from '../rule';
import { publicationOf } from './traffic';
import { circlesIn } from './circles';

/** What is wrong between the automations of a workspace. */
export function problemsAcross(all: readonly Facts[]): readonly Problem[] {
  return [...callCycles(all), ...eventLoops(all), ...sameEndpoints(all)];
}

interface Edge {
  readonly to: string;
  readonly step: Step;
}

/** The edges that lie on a circle, each with where it comes from. */
function edgesOnCircles(all: readonly Facts[], edgesOf: (facts: Facts) => readonly Edge[]): readonly (Edge & { readonly from: string })[] {
  const edges = new Map(all.map((facts) => [facts.automation.slug, edgesOf(facts)]));
  const isOnCircle = circlesIn(new Map([...edges].map(([from, out]) => [from, out.map(({ to }) => to)])));
  return [...edges].flatMap(([from, out]) => out.filter(({ to }) => isOnCircle(from, to)).map((edge) => ({ ...edge, from })));
}

function callCycles(all: readonly Facts[]): readonly Problem[] {
  const calls = ({ steps }: Facts): readonly Edge[] =>
    steps.filter(({ instruction }) => instruction === call).map((step) => ({ to: step.name, step }));
  return edgesOnCircles(all, calls).map(({ from, to, step }) =>
    remark('warning', 'call-cycle', step.entry.at, to === from ? `\`${from}\` calls itself.` : `\`${to}\` leads back to \`${from}\`.`),
  );
}

function eventLoops(all: readonly Facts[]): readonly Problem[] {
  const starts = new ByPattern(all.flatMap(startsAlways));
  return edgesOnCircles(all, (facts) => eventEdges(facts, starts)).map(({ from, step }) =>
    remark('warning', 'event-loop', step.entry.at, `This event leads back to \`${from}\`, without a condition on the way.`),
  );
}

/** The automations that what another publishes in any case starts in any case. */
function eventEdges({ steps }: Facts, starts: ByPattern<string>): readonly Edge[] {
  return steps.flatMap((step) => {
    const event = step.conditional ? undefined : literalText(publicationOf(step), 'event');
    return event === undefined ? [] : starts.of(String(event.value)).map((to) => ({ to, step }));
  });
}

function startsAlways({ automation: { slug }, triggers }: Facts): readonly (readonly [pattern: string, slug: string])[] {
  return triggers.events.filter(({ filter }) => filter === undefined).map(({ pattern }) => [pattern, slug]);
}

function sameEndpoints(all: readonly Facts[]): readonly Problem[] {
  const taken = new Map<string, string>();
  return all.flatMap(({ automation, triggers: { endpoint } }) => {
    if (endpoint === undefined) return [];
    const methods = endpoint.methods.length === 0 ? ['*'] : endpoint.methods;
    const keys = methods.map((method) => `${method} ${endpoint.path}`);
    const before = keys.map((key) => taken.get(key)).find((slug) => slug !== undefined);
    for (const key of keys) taken.set(key, taken.get(key) ?? automation.slug);
    const at = entryOf(automation.tree, 'when')?.at;
    if (before === undefined || at === undefined) return [];
    return [
      remark(
        'warning',
        'endpoint-duplicate',
        at,
        `\`${endpoint.path}\` is the endpoint of \`${before}\` as well: both run, the first by slug answers.`,
      ),
    ];
  });
}
