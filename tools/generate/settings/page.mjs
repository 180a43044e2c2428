// Makes the page of settings of what is declared and what is said of it.
import { isSecret, variableOf } from '../../../libs/service/src/index';
import { isRequired, takes, usual } from './words.mjs';

/** @import { ZodType } from 'zod' */

/**
 * One setting, as who reads it declares it; no schema: any text.
 * @typedef {{ variable: string, by: string, schema?: ZodType }} Declaration
 */

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} says before the table
 * @property {readonly Declaration[]} declarations
 * @property {ReadonlyMap<string, string>} comments by variable
 */

/**
 * The sections, one after the other. Throws with the names of all settings that nothing is said of.
 * @param {readonly Section[]} sections
 * @returns {string}
 */
export function pageOf(sections) {
  const silent = sections.flatMap(({ declarations, comments }) =>
    declarations.filter(({ variable }) => !comments.get(variable)).map(({ variable, by }) => `${variable} (${by})`),
  );
  if (silent.length > 0) {
    throw new Error(`Nothing is said of ${[...new Set(silent)].join(', ')}. Write a comment above each, where it is declared.`);
  }
  const readers = readersOf(sections);
  return sections.map((section) => `## ${section.title}\n\n${section.says}\n\n${tableOf(section, readers)}\n`).join('\n');
}

/** Who reads each variable. @param {readonly Section[]} sections */
function readersOf(sections) {
  const groups = Map.groupBy(
    sections.flatMap(({ declarations }) => declarations),
    ({ variable }) => variable,
  );
  return new Map([...groups].map(([variable, declarations]) => [variable, unique(declarations.map(({ by }) => by))]));
}

/**
 * @param {Section} section
 * @param {ReadonlyMap<string, readonly string[]>} readers
 */
function tableOf({ declarations, comments }, readers) {
  const rows = [...Map.groupBy(declarations, ({ variable }) => variable)].map(([variable, each]) => {
    const secret = isSecret(variable);
    const schemas = each.flatMap(({ schema }) => schema ?? []);
    const words = schemas.length === 0 ? 'text' : unique(schemas.map(takes)).join(' or ');
    const said = `${secret ? '**Secret.** ' : ''}${withVariables(comments.get(variable) ?? '', readers)}`;
    return [nameOf(variable), (readers.get(variable) ?? []).join(', '), words, secret ? hiddenOf(each) : withoutOf(each), said];
  });
  const head = ['Setting', 'Read by', 'Takes', 'Default', 'What it says'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** A prefix with what comes after it. @param {string} variable */
function nameOf(variable) {
  return `\`${variable}${variable.endsWith('_') ? '<slug>_<name>' : ''}\``;
}

/**
 * The comment with variables in place of the names that settings have in the code.
 * @param {string} comment
 * @param {ReadonlyMap<string, unknown>} known
 */
function withVariables(comment, known) {
  return comment.replaceAll(/`([a-z]\w+)`/g, (all, name) => (known.has(variableOf(name)) ? nameOf(variableOf(name)) : all));
}

/** What holds without it. @param {readonly Declaration[]} declarations */
function withoutOf(declarations) {
  const found = unique(declarations.flatMap(({ schema }) => (schema && usual(schema)) ?? []));
  return found.length > 0 ? found.join(' or ') : needOf(declarations);
}

/** The same of a secret. @param {readonly Declaration[]} declarations */
function hiddenOf(declarations) {
  return declarations.some(({ schema }) => schema && usual(schema) !== undefined) ? 'not shown' : needOf(declarations);
}

/** @param {readonly Declaration[]} declarations */
function needOf(declarations) {
  return declarations.some(({ schema }) => schema && isRequired(schema)) ? 'none, required' : 'none';
}

/** @param {readonly string[]} texts */
const unique = (texts) => [...new Set(texts)];

/** @param {string} text */
const cell = (text) => text.replaceAll('|', String.raw`\|`);
