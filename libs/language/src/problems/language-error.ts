import { DomainError } from '@millrace/kernel';
import type { Json, Refusal } from '@millrace/kernel';
import { refusalOf } from './codes';

/** A stretch of a source text, in UTF-16 units. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** A place in a file, and the line there with carets under what is meant. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly excerpt?: string;
}

interface Circumstances {
  readonly details?: Json | undefined;
  readonly place?: Place | undefined;
  /** Instead of the one the code stands for. */
  readonly refusal?: Refusal | undefined;
}

/** A refusal by the language itself. `span` is where in the text of the expression, template or path; `place` where in the file. */
export class LanguageError extends DomainError {
  readonly details: Json | undefined;
  readonly place: Place | undefined;

  constructor(
    code: string,
    message: string,
    readonly span?: Span,
    { details, place, refusal = refusalOf(code) }: Circumstances = {},
  ) {
    super(code, refusal, message);
    this.details = details;
    this.place = place;
  }

  /** The same refusal, placed in a file; keeps a place it already has. */
  placed(place: Place): LanguageError {
    const { details, refusal } = this;
    return this.place === undefined ? new LanguageError(this.code, this.message, this.span, { details, refusal, place }) : this;
  }
}

/** What was caught, if the language refused something; a fault is thrown again. */
export function refusalIn(error: unknown): LanguageError {
  if (error instanceof LanguageError) return error;
  throw error;
}

/** The line of a text that a span begins in, and below it carets under the span. */
export function excerpt(source: string, span: Span): string {
  const from = source.lastIndexOf('\n', span.at - 1) + 1;
  const next = source.indexOf('\n', span.at);
  const line = source.slice(from, next < 0 ? undefined : next);
  const length = Math.max(1, Math.min(span.end, from + line.length) - span.at);
  return `${line}\n${' '.repeat(span.at - from)}${'^'.repeat(length)}`;
}
