import type { Json } from '@millrace/kernel';

/** What a value of a document must look like. Reading, checking, planning, running, completion and the JSON Schemas all go by it. */
export type Shape =
  /** A template of any value. */
  | { readonly kind: 'any' }
  /** Data that is no template: schemas, files of other tools. */
  | { readonly kind: 'raw' }
  | { readonly kind: 'text'; readonly values?: readonly string[]; readonly pattern?: string }
  | { readonly kind: 'number'; readonly least?: number; readonly most?: number; readonly integer?: true }
  | { readonly kind: 'boolean' }
  /** `unit`: milliseconds that a bare number counts in. */
  | { readonly kind: 'duration'; readonly unit: number }
  | { readonly kind: 'list'; readonly of: Shape; readonly single: boolean }
  | { readonly kind: 'map'; readonly fields: Fields; readonly rest?: Shape }
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  /** A path that is written to; not a template. */
  | { readonly kind: 'path' }
  /** An expression that is evaluated elsewhere; not a template. */
  | { readonly kind: 'expression' }
  /** Instructions; `nested`: an entry may also be a list of them. */
  | { readonly kind: 'block'; readonly nested?: true }
  /** Conditions to instructions, and `default`. */
  | { readonly kind: 'branches' };

/** One key of a map. */
export interface Field {
  readonly shape: Shape;
  /** What the key means: one sentence without a full stop. */
  readonly is: string;
  readonly required?: true;
  /** Null is a value of it, not the same as leaving it out. */
  readonly nullable?: true;
  /** What an author may take as given; for help only, unless the code that uses it says otherwise. */
  readonly default?: Json;
}

export type Fields = Readonly<Record<string, Field>>;

export const any: Shape = { kind: 'any' };
export const raw: Shape = { kind: 'raw' };
export const boolean: Shape = { kind: 'boolean' };
export const text: Shape = { kind: 'text' };
export const path: Shape = { kind: 'path' };
export const expression: Shape = { kind: 'expression' };
export const block: Shape = { kind: 'block' };
/** Instructions, or lists of them, side by side. */
export const entries: Shape = { kind: 'block', nested: true };
export const branches: Shape = { kind: 'branches' };
export const number: Shape = { kind: 'number' };
export const duration: Shape = { kind: 'duration', unit: 1000 };
export const milliseconds: Shape = { kind: 'duration', unit: 1 };
/** A map of anything. */
export const dictionary: Shape = { kind: 'map', fields: {}, rest: any };

export function oneOf(...values: readonly string[]): Shape {
  return { kind: 'text', values };
}

export function matching(pattern: string): Shape {
  return { kind: 'text', pattern };
}

export function integer(least: number, most?: number): Shape {
  return { kind: 'number', integer: true, least, ...(most === undefined ? {} : { most }) };
}

/** A list; one item alone counts as a list of it. */
export function list(of: Shape): Shape {
  return { kind: 'list', of, single: true };
}

/** A list that must be written as one. */
export function strictList(of: Shape): Shape {
  return { kind: 'list', of, single: false };
}

export function map(fields: Fields, rest?: Shape): Shape {
  return { kind: 'map', fields, ...(rest === undefined ? {} : { rest }) };
}

export function mapOf(rest: Shape): Shape {
  return { kind: 'map', fields: {}, rest };
}

export function either(...of: readonly Shape[]): Shape {
  return { kind: 'either', of };
}

/** Whether a value of this shape is filled in before it is used. */
export function isTemplated(shape: Shape): boolean {
  return !['raw', 'path', 'expression', 'block', 'branches'].includes(shape.kind);
}

/** What a person calls a shape. */
export function nameOf(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return shape.values === undefined ? 'a text' : `one of ${shape.values.join(', ')}`;
    case 'number':
      return rangeName(shape.integer === true ? 'a whole number' : 'a number', shape.least, shape.most);
    case 'boolean':
      return 'true or false';
    case 'duration':
      return 'a duration such as 90s, 1h30m or P7D';
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'either':
      return shape.of.map(nameOf).join(' or ');
    default:
      return OTHERS[shape.kind];
  }
}

const OTHERS = {
  any: 'a value',
  raw: 'a value',
  path: 'the path of a variable',
  expression: 'an expression',
  block: 'a list of instructions',
  branches: 'a map of conditions to instructions',
};

function rangeName(name: string, least: number | undefined, most: number | undefined): string {
  if (least === undefined) return name;
  return most === undefined ? `${name} of at least ${least}` : `${name} from ${least} to ${most}`;
}
