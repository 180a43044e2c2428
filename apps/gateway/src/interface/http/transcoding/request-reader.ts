import { create, type DescField, type DescMethod, type Message } from '@bufbuild/protobuf';
import { headerOf, isJsonField, isRawBody, type MethodRoute } from '@millrace/contracts';
import type { FieldProblem } from '@millrace/kernel';
import { JsonText } from '../json/json-text';
import { malformed, misfit, MOST_ERRORS } from '../problems/refusals';
import { revisionIn } from './tags';
import { unknownParameter, type Query } from './query';
import { fieldReader, MessageReader, type Draft } from './read-message';
import { enumText, hasOwnForm, ownFormText, scalarText, type TextReader } from './read-single';

/** What of an HTTP request a call is made of. */
export interface RequestParts {
  /** The path parameters by the names they have in the route, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** What the body of a call may be. */
export type BodyKind = 'none' | 'json' | 'raw';

type Fill = (parts: RequestParts, draft: Draft) => void;

/** Makes a method's request message of an HTTP request: path, headers, query, body. Compiled once from the descriptor. */
export class RequestReader {
  readonly bodyKind: BodyKind;
  private readonly fills: readonly Fill[];

  constructor(
    private readonly method: DescMethod,
    route: MethodRoute,
  ) {
    const { fields } = method.input;
    const inPath = fieldsInPath(method, route.path);
    const inHeader = fields.filter((field) => headerOf(field) !== undefined);
    const free = fields.filter((field) => !inPath.includes(field) && !inHeader.includes(field));
    const elsewhere = new Map([
      ...inPath.map((field) => [field.jsonName, 'The path says this; leave it out of the body.'] as const),
      ...inHeader.map((field) => [field.jsonName, `This is sent as the header "${headerOf(field) ?? ''}".`] as const),
    ]);
    const inBody = bodyField(method, free, route.body);
    this.bodyKind = route.body === undefined ? 'none' : inBody !== undefined && isRawBody(inBody) ? 'raw' : 'json';
    this.fills = [
      ...inPath.map(pathFill),
      ...inHeader.map(headerFill),
      queryFill(route.body === '*' ? [] : free.filter((field) => field !== inBody)),
      ...bodyFill(route, inBody, new MessageReader(method.input, elsewhere, route.verb === 'patch')),
    ];
  }

  /** The request. Refuses what does not fit with `api.…`, naming every place. */
  read(parts: RequestParts): Message {
    const draft = create(this.method.input) as Draft;
    for (const fill of this.fills) fill(parts, draft);
    return draft;
  }
}

function fieldsInPath(method: DescMethod, path: string): readonly DescField[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => {
    const field = method.input.fields.find((each) => each.name === name);
    if (field === undefined)
      throw new Error(`${method.parent.typeName}.${method.name}: its path names "${name}", which its request lacks.`);
    return field;
  });
}

function bodyField(method: DescMethod, free: readonly DescField[], body: string | undefined): DescField | undefined {
  if (body === undefined || body === '*') return undefined;
  const field = free.find(({ name }) => name === body);
  if (field === undefined) throw new Error(`${method.parent.typeName}.${method.name}: its body is "${body}", which its request lacks.`);
  return field;
}

/** A path parameter is no place of the body, so it is refused by the name of its field. */
function pathFill(field: DescField): Fill {
  const { read, wanted } = textReader(field);
  return ({ path }, draft) => {
    const value = read(path[field.name] ?? '');
    if (value === undefined) throw misfit([problem(field.jsonName, `In the path, this must be ${wanted}.`)]);
    draft[field.localName] = value;
  };
}

function headerFill(field: DescField): Fill {
  const name = headerOf(field) ?? '';
  const { read, wanted } = textReader(field);
  const isTag = name === 'if-match' || name === 'if-none-match';
  return ({ headers }, draft) => {
    const sent = headers[name];
    if (sent === undefined) return;
    const text = typeof sent === 'string' ? sent : sent.join(', ');
    const value = read(isTag ? withoutQuotes(text) : text);
    if (value === undefined) throw misfit([problem(field.jsonName, `The header "${name}" must be ${wanted}.`)]);
    draft[field.localName] = value;
  };
}

/** One entity tag is passed on bare, as services gave it; a list or `*` as it came. */
function withoutQuotes(text: string): string {
  const tag = /^(?:W\/)?"([^"]*)"$/.exec(text)?.[1];
  return tag === undefined ? text : revisionIn(tag);
}

function queryFill(fields: readonly DescField[]): Fill {
  const fills = new Map(fields.filter(fitsQuery).map((field) => [field.jsonName, parameterFill(field)]));
  return ({ query }, draft) => {
    if (query.size === 0) return;
    const problems: FieldProblem[] = [];
    for (const [name, values] of query) {
      const fill = fills.get(name);
      const wrong = fill === undefined ? unknownParameter(name, fills.keys()) : fill(values, draft);
      if (wrong !== undefined && problems.length < MOST_ERRORS) problems.push(wrong);
    }
    const [first, ...others] = problems;
    if (first !== undefined) throw misfit([first, ...others]);
  };
}

/** Sets the field, or answers what is wrong with the values. */
function parameterFill(field: DescField): (values: readonly string[], draft: Draft) => FieldProblem | undefined {
  const { read, wanted } = textReader(field);
  const isList = field.fieldKind === 'list';
  return (texts, draft) => {
    if (!isList && texts.length > 1) return problem(field.jsonName, 'This parameter may stand only once.');
    const values = texts.map(read);
    if (values.includes(undefined)) return problem(field.jsonName, `This must be ${wanted}.`);
    draft[field.localName] = isList ? values : values[0];
    return undefined;
  };
}

function bodyFill({ body }: MethodRoute, field: DescField | undefined, whole: MessageReader): Fill[] {
  if (body === undefined) return [];
  if (field === undefined) return [wholeBodyFill(whole)];
  if (isRawBody(field)) return [(parts, draft) => void (draft[field.localName] = parts.body)];
  const read = fieldReader(field);
  return [
    (parts, draft) => {
      const json = jsonOf(parts.body);
      draft[field.localName] = read(json);
      json.end();
    },
  ];
}

/** No body at all is an empty object: a call whose fields are all optional needs none. */
function wholeBodyFill(reader: MessageReader): Fill {
  return ({ body }, draft) => {
    if (body.length === 0) return;
    const json = jsonOf(body);
    reader.fill(json, draft);
    json.end();
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function jsonOf(body: Uint8Array): JsonText {
  try {
    return new JsonText(decoder.decode(body));
  } catch {
    throw malformed('json_syntax', 'The body is not JSON: it is not UTF-8.');
  }
}

/** Whether a field can be said in a query: one text, or a list of such. */
export function fitsQuery(field: DescField): boolean {
  if (field.fieldKind === 'map' || isJsonField(field) || isRawBody(field)) return false;
  return field.message === undefined || hasOwnForm(field.message);
}

function textReader(field: DescField): TextReader {
  const { message, scalar } = field;
  if (message !== undefined) return ownFormText(message);
  return scalar === undefined ? enumText(field.enum) : scalarText(scalar, 'longAsString' in field && field.longAsString);
}

function problem(name: string, detail: string): FieldProblem {
  return { pointer: `/${name}`, code: 'api.field_type', detail };
}
