import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { answerOf, isJsonField } from '@millrace/contracts';
import type { FieldProblem } from '@millrace/kernel';
import { unknownField } from '../json/json-text';
import { malformed, misfit } from '../problems/refusals';
import { hasOwnForm } from './read-single';
import type { Query } from './query';

/** The fields of an answer that are wanted, by name; `true`: the whole of it. */
export type Wanted = ReadonlyMap<string, Wanted | true>;

type Draft = Map<string, Draft | true>;

const PARAMETER = 'fields';
const MOST_PATHS = 50;
const DEEPEST = 8;

/** Lets callers name the fields they want to see: `?fields=slug,activeVersion.number`. Of a list, they are those of its items. */
export class Narrowing {
  private readonly root: DescMessage | undefined;
  private readonly isList: boolean;

  constructor(private readonly method: DescMethod) {
    const { status, body } = answerOf(method);
    const { fields } = method.output;
    const shown = body === undefined ? method.output : fields.find(({ name }) => name === body)?.message;
    const items = shown?.fields.find(({ name, fieldKind }) => name === 'items' && fieldKind === 'list')?.message;
    this.isList = items !== undefined;
    // A method with such a parameter of its own means something else by it.
    const isTaken = method.input.fields.some(({ name }) => name === PARAMETER);
    this.root = status === 204 || isTaken ? undefined : (items ?? shown);
  }

  /** Whether the answer has fields to choose from. */
  get isOffered(): boolean {
    return this.root !== undefined;
  }

  /** What the query wants of the answer, undefined: all; and the rest of the query. Refuses fields that there are not. */
  read(query: Query): { readonly wanted: Wanted | undefined; readonly rest: Query } {
    const [text, ...more] = query.get(PARAMETER) ?? [];
    if (this.root === undefined || text === undefined) return { wanted: undefined, rest: query };
    if (more.length > 0) throw misfit([problem('This parameter may stand only once.')]);
    const rest = new Map(query);
    rest.delete(PARAMETER);
    const wanted = wantedOf(this.root, text);
    return { wanted: this.isList ? this.ofItems(wanted) : wanted, rest };
  }

  /** What a list says besides its items is always shown. */
  private ofItems(wanted: Wanted): Wanted {
    const all = this.method.output.fields.map(({ jsonName }) => [jsonName, jsonName === 'items' ? wanted : true] as const);
    return new Map(all);
  }
}

function wantedOf(root: DescMessage, text: string): Wanted {
  const paths = text.split(',').map((path) => path.trim().split('.'));
  if (paths.length > MOST_PATHS)
    throw malformed('fields_too_many', `At most ${MOST_PATHS} fields can be named. Leave "fields" out to see all.`);
  const wanted: Draft = new Map();
  const problems = paths.flatMap((path) => add(wanted, root, path) ?? []).map(problem);
  const [first, ...others] = problems;
  if (first !== undefined) throw misfit([first, ...others]);
  return wanted;
}

/** Adds one path; answers what is wrong with it. Whole fields win over parts of them; without a schema any name may stand. */
function add(wanted: Draft, schema: DescMessage | undefined, path: readonly string[], before: readonly string[] = []): string | undefined {
  const [name = '', ...rest] = path;
  const here = [...before, name];
  if (here.length + rest.length > DEEPEST) return `A path has at most ${DEEPEST} names.`;
  const field = schema?.fields.find(({ jsonName }) => jsonName === name);
  if (schema !== undefined && field === undefined) return unknownField(here.join('.'), namesOf(schema, before));
  if (rest.length === 0) return void wanted.set(name, true);
  const inner = field === undefined ? undefined : messageIn(field);
  if (inner === undefined && !isDocument(field)) return `"${here.join('.')}" has no fields of its own.`;
  return add(placeOf(wanted, name), inner, rest, here);
}

/** Where parts of the field are named; what is named there is of no consequence when the whole of it is wanted. */
function placeOf(wanted: Draft, name: string): Draft {
  const known = wanted.get(name);
  const place: Draft = known instanceof Map ? known : new Map<string, Draft | true>();
  if (known === undefined) wanted.set(name, place);
  return place;
}

/** Whether any name may stand in it. */
function isDocument(field: DescField | undefined): boolean {
  return field === undefined || isJsonField(field);
}

/** The message that stands in a field, or in each item of it. */
function messageIn({ fieldKind, message }: DescField): DescMessage | undefined {
  return fieldKind === 'map' || message === undefined || hasOwnForm(message) ? undefined : message;
}

function namesOf({ fields }: DescMessage, before: readonly string[]): string[] {
  return fields.map(({ jsonName }) => [...before, jsonName].join('.'));
}

function problem(detail: string): FieldProblem {
  return { pointer: `/${PARAMETER}`, code: 'api.field_unknown', detail };
}
