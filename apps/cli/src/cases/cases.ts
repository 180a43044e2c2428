import { judgeCases } from '@millrace/language';
import type { DataMap } from '../data/value';
import { counted } from '../terminal/paint';
import type { Terminal } from '../terminal/terminal';
import type { Invocation } from '../usage/command';
import { formatOf, printJson } from '../usage/format';
import { isListText } from './list-text';
import { caseText } from './report';

const STDIN = 'stdin';

/**
 * Plays the cases on standard input, each by its own kind, and prints what they come to; as JSON a list for a list. The exit code is 0 once
 * they could be read. Refuses what cannot be read, and unknown keys.
 */
export async function playCases(invocation: Invocation, { input, output, notes }: Terminal): Promise<number> {
  const text = await input.text();
  const played = judgeCases(text, STDIN);
  if (formatOf(invocation) === 'json') {
    const results = played.map(({ result }) => result);
    printJson(isListText(text) ? results : results[0], output);
    return 0;
  }
  const judged = played.map(({ one, result, unmet }) => ({ one, result, unmet: expects(one.value) ? unmet : undefined }));
  for (const { one, result, unmet } of judged) output.write(caseText(one, result, unmet, output));
  if (!invocation.on('quiet')) notes.write(tally(judged.map(({ unmet }) => unmet)));
  return 0;
}

function expects(written: DataMap): boolean {
  return ['expected', 'error', 'missing'].some((key) => Object.hasOwn(written, key));
}

function tally(judged: readonly (readonly string[] | undefined)[]): string {
  const holding = judged.filter((unmet) => unmet?.length === 0).length;
  const failing = judged.filter((unmet) => unmet !== undefined && unmet.length > 0).length;
  const rest = judged.length - holding - failing;
  const parts = [
    ...(holding > 0 ? [`${holding} as expected`] : []),
    ...(failing > 0 ? [`${failing} not as expected`] : []),
    ...(rest > 0 ? [`${rest} without expectation`] : []),
  ];
  return `${counted(judged.length, 'case')}: ${parts.join(', ')}.\n`;
}
