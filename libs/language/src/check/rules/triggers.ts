import { isPattern } from '../../filter/pattern';
import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { childOf, entryOf, textChild, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { parseCron } from '../../time/cron';
import type { Cron } from '../../time/cron';
import { durationOf } from '../../time/duration';
import type { ScheduleTrigger } from '../../triggers/triggers';
import { instantFrom } from '../../time/instant';
import { textOf } from '../../values/value';
import { remark } from '../rule';
import type { Rule } from '../rule';
import { eventTriggers, itemsOf } from '../workspace/traffic';
import { zoneProblems } from '../zones';

const SHORTEST = 10_000;

/** Event patterns that are none. */
export const patterns: Rule = ({ automation, steps }) => {
  const waits = steps.flatMap(({ name, body }) =>
    name === 'wait' ? itemsOf(childOf(body, 'oneOf')).map((item) => childOf(item, 'event')) : [],
  );
  return [...eventTriggers(automation.tree), ...waits].flatMap((tree) => {
    const written = tree === undefined ? undefined : valueOf(tree);
    if (tree === undefined || typeof written !== 'string' || isPattern(written) || written.includes('{{')) return [];
    return [
      problemIn(
        'pattern-invalid',
        tree,
        `\`${written}\` is neither the name of an event nor a pattern: tokens joined by dots, \`*\` for one, \`>\` at the end for the rest.`,
      ),
    ];
  });
};

/** Schedules that cannot be read, or fire too often. */
export const schedules: Rule = ({ automation, triggers }, { known: { shortestSchedule = SHORTEST } }) =>
  itemsOf(childOf(entryOf(automation.tree, 'when')?.value, 'schedules')).flatMap((tree, index) => {
    const zone = zoneProblems(childOf(tree, 'timeZone'));
    const timing = timingProblem(tree);
    if (zone.length > 0 || timing !== undefined) return [...zone, ...(timing === undefined ? [] : [timing])];
    const schedule = triggers.schedules[index];
    if (schedule === undefined || !firesTooOften(schedule, shortestSchedule)) return [];
    return [problemIn('schedule-too-often', tree, `This fires more often than every ${shortestSchedule / 1000} seconds.`)];
  });

function firesTooOften({ every, cron = '' }: ScheduleTrigger, shortest: number): boolean {
  if (every !== undefined) return every < shortest;
  const parsed = parseCron(cron);
  return typeof parsed === 'object' && leastGap(parsed) * 1000 < shortest;
}

/** The seconds between the two times nearest to each other. */
function leastGap({ second, minute, hour }: Cron): number {
  const seconds = [...second];
  const gaps = seconds.map((one) => Math.min(...seconds.filter((other) => other > one)) - one);
  const overHour = minute.has(59) && minute.has(0) && (hasNeighbours(hour) || (hour.has(23) && hour.has(0)));
  const overMinute = overHour || hasNeighbours(minute) ? 60 + Math.min(...seconds) - Math.max(...seconds) : 60;
  return Math.min(overMinute, ...gaps);
}

function hasNeighbours(values: ReadonlySet<number>): boolean {
  return [...values].some((value) => values.has(value + 1));
}

function timingProblem(tree: Tree): Problem | undefined {
  if (tree.kind !== 'map') return textProblem(tree, textOf(valueOf(tree)));
  const given = ['cron', 'every', 'at'].filter((key) => childOf(tree, key) !== undefined);
  if (given.length !== 1) return problemIn('cron-invalid', tree, 'A schedule has exactly one of `cron`, `every` and `at`.');
  const cron = childOf(tree, 'cron');
  const at = childOf(tree, 'at');
  if (cron !== undefined) return cronProblem(cron, textOf(valueOf(cron)));
  return at !== undefined && instantFrom(valueOf(at)) === undefined
    ? problemIn('cron-invalid', at, `\`${textOf(valueOf(at))}\` is no date and time.`)
    : undefined;
}

function textProblem(tree: Tree, text: string): Problem | undefined {
  const every = /^@every\s+(.+)$/.exec(text.trim())?.[1];
  if (every !== undefined)
    return durationOf(every) === undefined ? problemIn('duration-invalid', tree, `\`${every}\` is no duration.`) : undefined;
  return instantFrom(text) === undefined ? cronProblem(tree, text) : undefined;
}

function cronProblem(tree: Tree, text: string): Problem | undefined {
  const parsed = parseCron(text);
  return typeof parsed === 'string' ? problemIn('cron-invalid', tree, parsed) : undefined;
}

/** Endpoints whose path cannot be served, or that anyone may call. */
export const endpoints: Rule = ({ automation }) => {
  const endpoint = childOf(entryOf(automation.tree, 'when')?.value, 'endpoint');
  if (endpoint === undefined || valueOf(endpoint) === false) return [];
  return [...pathProblems(endpoint), ...openProblems(endpoint, automation.prisme)];
};

function pathProblems(endpoint: Tree): readonly Problem[] {
  const path = endpoint.kind === 'map' ? childOf(endpoint, 'path') : endpoint;
  const written = path === undefined ? undefined : valueOf(path);
  if (path === undefined || typeof written !== 'string' || isPath(written)) return [];
  return [
    problemIn(
      'endpoint-path-invalid',
      path,
      `\`${written}\` is no path: segments of letters, digits and \`. _ ~ -\`, \`:name\`, or \`*rest\` as the last.`,
    ),
  ];
}

function openProblems(endpoint: Tree, prisme: boolean): readonly Problem[] {
  const access = textChild(endpoint, 'access') ?? (prisme ? 'public' : 'members');
  if (access !== 'public' || childOf(endpoint, 'verify') !== undefined) return [];
  return [remark('hint', 'endpoint-public', childOf(endpoint, 'access') ?? endpoint, 'Anyone may call this endpoint.')];
}

function isPath(path: string): boolean {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const names = segments.filter((segment) => /^[:*]/.test(segment));
  return (
    new Set(names).size === names.length &&
    segments.every(
      (segment, index) =>
        /^(?:[A-Za-z0-9._~ -]+|:[A-Za-z_]\w*)$/.test(segment) || (/^\*\w*$/.test(segment) && index === segments.length - 1),
    )
  );
}
