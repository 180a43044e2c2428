import type { Case } from '@millrace/language';
import { isMap, valueText } from '../data/value';
import type { DataMap } from '../data/value';
import { harmless, paint } from '../terminal/paint';
import type { Channel } from '../terminal/terminal';

/** What a case came to, as a person reads it: whether it is as expected, its id, and the result in short or what is not as expected. */
export function caseText({ id, kind }: Case, result: DataMap, unmet: readonly string[] | undefined, channel: Channel): string {
  const line = harmless(`${id}  ${unmet === undefined || unmet.length === 0 ? inShort(kind, result) : ''}`.trimEnd());
  if (unmet === undefined) return `-    ${line}\n`;
  if (unmet.length === 0) return `${paint(channel, 'green', 'ok')}   ${line}\n`;
  return `${paint(channel, ['red', 'bold'], 'FAIL')} ${line}\n${unmet.map((sentence) => `     ${harmless(sentence)}\n`).join('')}`;
}

function inShort(kind: Case['kind'], result: DataMap): string {
  const { ok, value, missing, code, message, state, output, error, problems } = result;
  switch (kind) {
    case 'evaluation':
      if (ok !== true) return `${valueText(code)}: ${valueText(message)}`;
      return missing === true ? 'missing' : JSON.stringify(value);
    case 'run':
      return error === null ? `${valueText(state)} ${JSON.stringify(output)}` : `failed ${valueText(error)}`;
    case 'check':
      return JSON.stringify(Array.isArray(problems) ? problems.filter(isMap).map((problem) => problem['code']) : []);
  }
}
