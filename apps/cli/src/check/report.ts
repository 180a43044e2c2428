import type { Problem, Severity } from '@millrace/language';
import { counted, harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';
import { excerptOf } from './excerpt';

const STYLES = { error: ['red', 'bold'], warning: ['yellow', 'bold'], hint: 'cyan' } as const;

/** Problems as a person reads them: place, severity, code and message; the line with the place marked; how to mend it. */
export function problemsText(problems: readonly Problem[], texts: ReadonlyMap<string, string>, channel: Channel): string {
  return problems.map((problem) => `${problemText(problem, texts.get(problem.file), channel)}\n`).join('');
}

/** How many problems of each severity there are, in how many files. */
export function summary(problems: readonly Problem[], files: number): string {
  const count = (severity: Severity): number => problems.filter((problem) => problem.severity === severity).length;
  const [errors, warnings, hints] = [count('error'), count('warning'), count('hint')];
  const parts = [
    errors + warnings === 0 ? 'No errors, no warnings' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`,
    ...(hints === 0 ? [] : [counted(hints, 'hint')]),
  ];
  return `${parts.join(', ')} in ${counted(files, 'file')}.\n`;
}

function problemText(problem: Problem, text: string | undefined, channel: Channel): string {
  const { file, line, column, severity, code, message, fix } = problem;
  const place = paint(channel, 'bold', harmless(`${file}:${line}:${column}`));
  const head = `${place} ${paint(channel, STYLES[severity], severity)} ${paint(channel, 'dim', code)} ${harmless(message)}\n`;
  const margin = ' '.repeat(String(line).length + 4);
  const below = text === undefined ? '' : excerptOf(problem, text, channel);
  return `${head}${below}${fix === undefined ? '' : `${margin}${paint(channel, 'green', 'fix:')} ${harmless(fix.title)}\n`}`;
}
