import type { Chance } from '../values/random';
import type { Value } from '../values/value';

/** What an expression may know of the world. */
export interface Env {
  /** A variable by name: a context if it names one, else a local. `key` is the only key of it that will be read, if that is known. */
  variable(name: string, key?: string): Value;
  /** Told of each list or map that was read as a value, so that it is not changed in place afterwards. */
  share(value: object): void;
  /** Counts units of work; throws `language.expression_budget` when there are too many. */
  spend(units: number): void;
  /** A new text begins: its units are counted from nothing. */
  restart(): void;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The zone in which dates are formatted. */
  readonly timeZone: string;
  /** The language in which dates are formatted. */
  readonly locale: string;
  readonly chance: Chance;
  /** Characters that a template may come to as text. */
  readonly longestText: number;
}

/** A compiled expression, template or reference. Throws LanguageError only. */
export type Evaluate = (env: Env) => Value;

/** How expressions are read. */
export interface Dialect {
  /** The rows of the compatibility table marked with a dot. */
  readonly prisme: boolean;
}
