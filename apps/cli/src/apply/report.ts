import { counted, harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';
import type { Planned } from './planned';

const SIGNS = {
  created: ['+', 'green'],
  changed: ['~', 'yellow'],
  removed: ['-', 'red'],
  extra: ['?', 'dim'],
} as const;

type Sign = keyof typeof SIGNS;

/** A plan as a person reads it: what would be done, what is in the way, what is wrong. */
export function planText({ plan, open, decided, workspace }: Planned, channel: Channel): string {
  const { changes, unchanged, problems, missingSecrets } = plan;
  const done = changes.filter(({ change }) => change !== 'extra');
  const extra = changes.filter(({ change }) => change === 'extra');
  return [
    ...changes.map(({ path = '', change = '' }) => changeLine(path, change, channel)),
    ...open.map(
      ({ path, conflict }) =>
        `${paint(channel, 'red', '!')} ${harmless(path)}  ${conflict ? 'both sides changed it' : 'it changed on the server'}`,
    ),
    ...decided.map(({ path }) => `${paint(channel, 'dim', '=')} ${harmless(path)}  decided by --take`),
    ...problems.map(({ severity = '', file = '', line, column, message = '' }) =>
      harmless(`${severity} ${file}:${line}:${column} ${message}`),
    ),
    ...missingSecrets.map((name) => harmless(`secret ${name} has no value: millrace secrets set ${name}`)),
    `${counted(done.length, 'change')} in ${harmless(workspace.slug)}, ${counted(unchanged, 'file')} as they are.`,
    ...(extra.length === 0 ? [] : [`? stands on the server only; --prune removes ${counted(extra.length, 'such file')}.`]),
    ...(open.length === 0 ? [] : ['! is to be decided: millrace pull, or --take mine or theirs.']),
    '',
  ].join('\n');
}

/** A plan as programs read it: that of the server, and what its files have become since the folder last saw them. */
export function planData({ plan, open, decided }: Planned): object {
  return { ...plan, drift: [...open, ...decided], undecided: open.map(({ path }) => path) };
}

function changeLine(path: string, change: string, channel: Channel): string {
  const [sign, style] = Object.hasOwn(SIGNS, change) ? SIGNS[change as Sign] : SIGNS.changed;
  return `${paint(channel, style, sign)} ${harmless(path)}`;
}
