import type { Json, JsonMap } from '@millrace/kernel';

/** What a value does wrong: where (JSON Pointer), and what it must be. */
export interface SchemaProblem {
  readonly pointer: string;
  readonly detail: string;
}

/** Checks one value. `pointer` leads to it. */
export type Validate = (value: Json, pointer: string) => readonly SchemaProblem[];

/** Compiles a schema that stands inside another. */
export type CompileInner = (schema: Json) => Validate;

/** What a keyword is compiled from. */
export interface KeywordSite {
  /** The value of the keyword. */
  readonly value: Json;
  /** The schema it stands in. */
  readonly schema: JsonMap;
  readonly compile: CompileInner;
}

/** Compiles one keyword; undefined when it says nothing by itself. */
export type Keyword = (site: KeywordSite) => Validate | undefined;

/** A schema that cannot be used: where in it, and why. */
export class SchemaInvalid extends Error {
  constructor(
    message: string,
    readonly pointer = '',
  ) {
    super(message);
  }
}

/** What was caught, if a schema cannot be used; a fault is thrown again. */
export function unusable(error: unknown): SchemaInvalid {
  if (error instanceof SchemaInvalid) return error;
  throw error;
}

/** Nothing is wrong. */
export const FINE: readonly SchemaProblem[] = [];

/** One thing is wrong. */
export function wrong(pointer: string, detail: string): readonly SchemaProblem[] {
  return [{ pointer, detail }];
}
