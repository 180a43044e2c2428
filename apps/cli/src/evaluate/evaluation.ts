import { playOne } from '../cases/play-one';
import { valueText } from '../data/value';
import type { DataMap } from '../data/value';

/** What an expression came to. */
export type Evaluation =
  | { readonly ok: true; readonly value: unknown; readonly missing: boolean; readonly printed: object }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly line: number;
      readonly column: number;
      readonly printed: object;
    };

/** What is evaluated: a condition, or a template. */
export interface Question {
  readonly text: string;
  readonly condition: boolean;
  readonly vars: DataMap;
}

/** Whether a text is an expression by itself: it holds neither `{{ }}` nor `{% %}`. */
export function isBare(text: string): boolean {
  return !/\{[{%]/.test(text);
}

const OPENING = '{% ';

/** Evaluates a text: as a template when it holds `{{ }}` or `{% %}`, else as an expression. Lines and columns count in the text. */
export function evaluate({ text, condition, vars }: Question): Evaluation {
  const bare = !condition && isBare(text);
  const printed = playOne({ expr: bare ? `${OPENING}${text} %}` : text, kind: condition ? 'condition' : 'template', vars });
  const { ok, value, missing, code, message } = printed;
  if (ok === true) return { ok, value, missing: missing === true, printed };
  const line = Number(printed['line']);
  const column = Math.max(1, Number(printed['column']) - (bare && line === 1 ? OPENING.length : 0));
  return { ok: false, code: valueText(code), message: valueText(message), line, column, printed: { ...printed, column } };
}
