import type { DescField } from '@bufbuild/protobuf';
import { answerOf, problemsOf } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { callRoutes, type CallRoute } from '../calls/call-route';
import { PUBLIC_SERVICES } from '../calls/public-services';
import { JsonText } from '../json/json-text';
import { MessageReader } from '../transcoding/read-message';
import { exampleOf, exampleValue } from './examples';
import { fittedExample } from './fitted-example';
import { placesOf } from './places';

const ROUTES = callRoutes(PUBLIC_SERVICES).map((route): [string, CallRoute] => [route.method.name, route]);

const textOf = (field: DescField): string[] =>
  [exampleValue(field) ?? ''].flat().map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));

function bodyOf({ body, reader, method }: CallRoute, fields: readonly DescField[]): string {
  const [field] = fields;
  if (body === undefined || field === undefined) return '';
  if (body === '*') return JSON.stringify(fittedExample(method.input, fields) ?? 'none was found');
  return reader.bodyKind === 'raw' ? textOf(field).join('') : JSON.stringify(exampleValue(field));
}

describe('the examples of a route', () => {
  it.each(ROUTES)('are a request that can be read, and fits: %s', (_, route) => {
    const { path, query, body } = placesOf(route);
    const message = route.reader.read({
      path: Object.fromEntries(path.map((field) => [field.name, textOf(field)[0] ?? ''])),
      query: new Map(query.map((field) => [field.jsonName, textOf(field)])),
      headers: {},
      body: new TextEncoder().encode(bodyOf(route, body)),
    });
    expect(problemsOf(route.method.input, message)).toEqual([]);
  });

  it.each(ROUTES)('are an answer of its form: %s', (_, { method }) => {
    const { body } = answerOf(method);
    const field = method.output.fields.find(({ name }) => name === body);
    const shown = field?.message ?? method.output;
    const json = new JsonText(JSON.stringify(exampleOf(shown.fields)));
    new MessageReader(shown).read(json);
    expect(() => json.end()).not.toThrow();
  });
});
