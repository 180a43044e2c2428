import type { Json, Refusal } from '@millrace/kernel';

/** Why a run, an expression or an effect failed, as data. `code` is stable; `line` and `column` point into the automation's file. */
export interface Failure {
  readonly code: string;
  readonly refusal: Refusal;
  readonly message: string;
  readonly details?: Json;
  /** The slug of the automation that failed. */
  readonly automation?: string;
  /** The place of the instruction in the run (see the id of an effect). */
  readonly step?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Length, in UTF-16 units, of the piece of source at `line` and `column`. */
  readonly length?: number;
  /** The line of the source, and below it carets under what is meant. */
  readonly excerpt?: string;
}

/** What whoever performs an effect says went wrong. A missing refusal is the one of the code, else `unavailable`. */
export interface EffectError {
  readonly code: string;
  readonly message?: string;
  readonly refusal?: Refusal;
  readonly details?: Json;
}
