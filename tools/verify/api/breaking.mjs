// What of a change of the public API would break somebody who relies on it, by their OpenAPI documents.
import { narrowedRequest, withdrawnAnswer } from './schemas.mjs';

/**
 * A document, as far as it is compared.
 * @typedef {import('./schemas.mjs').Schema} Schema
 * @typedef {{ $ref?: string, name?: string, in?: string, required?: boolean, schema?: Schema }} Parameter
 * @typedef {{ schema?: Schema }} Content
 * @typedef {{
 *   deprecated?: boolean, 'x-sunset'?: string, 'x-permission'?: string,
 *   parameters?: Parameter[],
 *   requestBody?: { required?: boolean, content: Record<string, Content> },
 *   responses: Record<string, { $ref?: string, content?: Record<string, Content> }>,
 * }} Operation
 * @typedef {{ paths: Record<string, Record<string, Operation>>, components: { schemas: Record<string, Schema>, parameters?: Record<string, Parameter> } }} Document
 */

/**
 * @param {Document} before as last released
 * @param {Document} now
 * @param {string} today e.g. `2027-01-31`
 * @returns {string[]} a sentence for each break
 */
export function breakingChanges(before, now, today) {
  return Object.entries(before.paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).flatMap(([verb, operation]) => {
      const name = `${verb.toUpperCase()} ${path}`;
      const next = now.paths[path]?.[verb];
      if (next === undefined)
        return isOver(operation, today) ? [] : [`${name} is gone. Declare it deprecated, and keep it until its sunset.`];
      return changesOf({ before, now }, operation, next).map((change) => `${name}: ${change}`);
    }),
  );
}

/** @param {Operation} operation @param {string} today */
const isOver = (operation, today) => operation.deprecated === true && (operation['x-sunset'] ?? '9999') < today;

/**
 * @param {{ before: Document, now: Document }} documents
 * @param {Operation} operation
 * @param {Operation} next
 * @returns {string[]}
 */
function changesOf(documents, operation, next) {
  return [
    ...(operation['x-permission'] === 'public' && next['x-permission'] !== 'public' ? ['it does not answer everybody any more.'] : []),
    ...parameterChanges(documents, operation, next),
    ...bodyChanges(documents, operation, next),
    ...answerChanges(documents, operation, next),
  ];
}

/** @param {{ before: Document, now: Document }} documents @param {Operation} operation @param {Operation} next */
function parameterChanges({ before, now }, operation, next) {
  const [known, there] = [parametersOf(operation, before), parametersOf(next, now)];
  const gone = [...known.keys()].filter((name) => !there.has(name)).map((name) => `the ${name} is gone.`);
  const changed = [...there].flatMap(([name, parameter]) => {
    const was = known.get(name);
    if (was === undefined) return parameter.required === true ? [`the ${name} is new and required.`] : [];
    const required = was.required !== true && parameter.required === true ? [`the ${name} is required now.`] : [];
    return [...required, ...narrowedRequest(was.schema ?? {}, parameter.schema ?? {}, { before, now }, name)];
  });
  return [...gone, ...changed];
}

/** @param {Operation} operation @param {Document} document @returns {Map<string, Parameter>} */
function parametersOf({ parameters = [] }, { components }) {
  const resolved = parameters.map((each) => components.parameters?.[each.$ref?.split('/').at(-1) ?? ''] ?? each);
  return new Map(resolved.map((each) => [`${each.in ?? ''} parameter ${each.name ?? ''}`, each]));
}

/** @param {{ before: Document, now: Document }} documents @param {Operation} operation @param {Operation} next */
function bodyChanges(documents, { requestBody: was }, { requestBody: is }) {
  if (is === undefined) return was === undefined ? [] : ['it takes no body any more.'];
  if (is.required === true && was?.required !== true) return ['a body is required now.'];
  return Object.entries(was?.content ?? {}).flatMap(([type, { schema = {} }]) => {
    const content = is.content[type];
    return content === undefined
      ? [`a body of ${type} is not read any more.`]
      : narrowedRequest(schema, content.schema ?? {}, documents, 'body');
  });
}

/** @param {{ before: Document, now: Document }} documents @param {Operation} operation @param {Operation} next */
function answerChanges(documents, { responses: were }, { responses: are }) {
  return Object.entries(were)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([status, { content = {} }]) => {
      const next = are[status];
      if (next === undefined) return [`it does not answer ${status} any more.`];
      return Object.entries(content).flatMap(([type, { schema = {} }]) => {
        const there = next.content?.[type];
        return there === undefined
          ? [`${status} has no ${type} any more.`]
          : withdrawnAnswer(schema, there.schema ?? {}, documents, `answer ${status}`);
      });
    });
}
