import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { problemsOf } from '@millrace/contracts';
import type { Json, JsonMap } from '@millrace/kernel';
import { JsonText } from '../json/json-text';
import { MessageReader } from '../transcoding/read-message';
import { exampleOf } from './examples';

/** How many fields of one object are left out, at most, to please a check that sees several at once. */
const MOST_LEFT_OUT = 3;
/** How many such checks are pleased, one after the other. */
const MOST_CHECKS = 8;

/**
 * An example of the fields, as the checks of the whole request let it pass: where they demand one field of several, the others are left
 * out. Undefined when no such example was found: a wrong one would be worse than none.
 */
export function fittedExample(request: DescMessage, fields: readonly DescField[]): JsonMap | undefined {
  const elsewhere = exampleOf(request.fields.filter((field) => !fields.includes(field)));
  const problemsIn = (body: JsonMap) => problemsOf(request, readAs(request, { ...elsewhere, ...body }));
  let example = exampleOf(fields);
  for (let checks = 0; checks < MOST_CHECKS; checks++) {
    const [problem, ...others] = problemsIn(example);
    if (problem === undefined) return example;
    const path = problem.pointer.split('/').slice(1);
    const better = without(example, path).find((candidate) => problemsIn(candidate).length <= others.length);
    if (better === undefined) return undefined;
    example = better;
  }
  return undefined;
}

function readAs(request: DescMessage, value: JsonMap) {
  return new MessageReader(request).read(new JsonText(JSON.stringify(value)));
}

/** The value with some keys left out of the object at the path, fewest first. */
function without(value: JsonMap, path: readonly string[]): readonly JsonMap[] {
  const place = at(value, path) ?? value;
  const names = Object.keys(place);
  return Array.from({ length: MOST_LEFT_OUT }, (_, index) => choices(names, index + 1))
    .flat()
    .map((left) => replaced(value, place, Object.fromEntries(Object.entries(place).filter(([name]) => !left.includes(name)))));
}

function at(value: Json | undefined, [name, ...rest]: readonly string[]): JsonMap | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (name !== undefined) return at((value as Readonly<Record<string, Json>>)[name], rest);
  return Array.isArray(value) ? undefined : (value as JsonMap);
}

function replaced<T extends Json>(value: T, place: JsonMap, by: JsonMap): T {
  return JSON.parse(JSON.stringify(value, (_, inner: Json) => (inner === place ? by : inner))) as T;
}

/** All ways to choose so many of the names, the last ones first: what stands first in a schema matters most. */
function choices(names: readonly string[], count: number): readonly (readonly string[])[] {
  if (count === 0) return [[]];
  return names
    .toReversed()
    .flatMap((name, index, all) => choices(all.slice(index + 1).toReversed(), count - 1).map((rest) => [name, ...rest]));
}
