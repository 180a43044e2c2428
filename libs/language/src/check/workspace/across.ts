import { matchesPattern } from '../../filter/pattern';
import { call } from '../../instructions/flow/call';
import type { Problem } from '../../problems/problem';
import { entryOf } from '../../read/tree';
import { readTriggers } from '../../triggers/read-triggers';
import { literalText } from '../facts';
import type { Facts, Step } from '../facts';
import { remark } from '../rule';

/** What is wrong between the automations of a workspace. */
export function problemsAcross(all: readonly Facts[]): readonly Problem[] {
  return [...callCycles(all), ...eventLoops(all), ...sameEndpoints(all)];
}

interface Edge {
  readonly to: string;
  readonly step: Step;
}

function callCycles(all: readonly Facts[]): readonly Problem[] {
  const edges = new Map(
    all.map(({ automation, steps }) => [
      automation.slug,
      steps.filter(({ instruction }) => instruction === call).map((step) => ({ to: step.name, step })),
    ]),
  );
  return all.flatMap(({ automation: { slug } }) =>
    (edges.get(slug) ?? [])
      .filter(({ to }) => leadsTo(to, slug, edges))
      .map(({ step, to }) =>
        remark('warning', 'call-cycle', step.entry.at, to === slug ? `\`${slug}\` calls itself.` : `\`${to}\` leads back to \`${slug}\`.`),
      ),
  );
}

function leadsTo(from: string, to: string, edges: ReadonlyMap<string, readonly Edge[]>, seen = new Set<string>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (edges.get(from) ?? []).some((edge) => leadsTo(edge.to, to, edges, seen));
}

function eventLoops(all: readonly Facts[]): readonly Problem[] {
  const starts = all.flatMap(startsAlways);
  const edges = new Map(all.map((facts) => [facts.automation.slug, eventEdges(facts, starts)]));
  return all.flatMap(({ automation: { slug } }) =>
    (edges.get(slug) ?? [])
      .filter(({ to }) => leadsTo(to, slug, edges))
      .map(({ step }) =>
        remark('warning', 'event-loop', step.entry.at, `This event leads back to \`${slug}\`, without a condition on the way.`),
      ),
  );
}

interface Start {
  readonly slug: string;
  readonly pattern: string;
}

/** The automations that what another publishes in any case starts in any case. */
function eventEdges({ steps }: Facts, starts: readonly Start[]): readonly Edge[] {
  return steps.flatMap((step) => {
    const event = step.name === 'emit' && !step.conditional ? literalText(step.body, 'event') : undefined;
    const name = event === undefined ? undefined : String(event.value);
    if (name === undefined) return [];
    return starts.filter(({ pattern }) => matchesPattern(pattern, name)).map(({ slug }) => ({ to: slug, step }));
  });
}

function startsAlways({ automation: { slug, tree } }: Facts): readonly Start[] {
  const { events } = readTriggers(tree, { slug, instance: '', timeZone: 'UTC', open: false });
  return events.filter(({ filter }) => filter === undefined).map(({ pattern }) => ({ slug, pattern }));
}

function sameEndpoints(all: readonly Facts[]): readonly Problem[] {
  const taken = new Map<string, string>();
  return all.flatMap(({ automation }) => {
    const { endpoint } = readTriggers(automation.tree, { slug: automation.slug, instance: '', timeZone: 'UTC', open: false });
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
