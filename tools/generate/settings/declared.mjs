// Reads from a source which variables its settings are, and what is said of each.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** @import { Expression, Node, SourceFile } from 'typescript' */

const OURS = 'MILLRACE_';
const VARIABLE = /^[A-Z][A-Z0-9_]{3,}$/;

/**
 * The variables that a source declares, each with its comment on one line, empty when it has none: what is written with zod under a name,
 * the members of an interface that are named as variables are, and texts under a name that begin as ours do.
 * @param {string} text
 * @returns {Map<string, string>}
 */
export function variablesOf(text) {
  const source = ts.createSourceFile('config.ts', text, ts.ScriptTarget.Latest, true);
  const locals = constantsOf(source);
  /** @type {Map<string, string>} */
  const found = new Map();
  const visit = (/** @type {Node} */ node) => {
    const variable = variableAt(node, locals);
    if (variable !== undefined) found.set(variable, found.get(variable) || commentOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The same of a file. @param {string} path */
export function variablesIn(path) {
  return variablesOf(readFileSync(path, 'utf8'));
}

/**
 * As `variableOf` of libs/service.
 * @param {string} setting
 */
function variableOf(setting) {
  return OURS + setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/**
 * @param {Node} node
 * @param {ReadonlyMap<string, Expression>} locals
 */
function variableAt(node, locals) {
  if (ts.isPropertySignature(node) && ts.isIdentifier(node.name)) return VARIABLE.test(node.name.text) ? node.name.text : undefined;
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name)) return undefined;
  const { name, initializer } = node;
  if (ts.isStringLiteral(initializer)) return initializer.text.startsWith(OURS) ? initializer.text : undefined;
  return isZod(initializer, locals) ? variableOf(name.text) : undefined;
}

/** @param {SourceFile} source @returns {ReadonlyMap<string, Expression>} */
function constantsOf(source) {
  const declared = source.statements.flatMap((each) => (ts.isVariableStatement(each) ? each.declarationList.declarations : []));
  return new Map(
    declared.flatMap(({ name, initializer }) => (ts.isIdentifier(name) && initializer !== undefined ? [[name.text, initializer]] : [])),
  );
}

/**
 * Whether an expression is a schema: a chain that begins at `z`, or at something of this source that does.
 * @param {Node} expression
 * @param {ReadonlyMap<string, Expression>} locals
 * @returns {boolean}
 */
function isZod(expression, locals) {
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression)) return isZod(expression.expression, locals);
  if (ts.isArrowFunction(expression)) return isZod(expression.body, locals);
  if (!ts.isIdentifier(expression)) return false;
  const local = locals.get(expression.text);
  return expression.text === 'z' || (local !== undefined && isZod(local, locals));
}

/** @param {Node} node */
function commentOf(node) {
  const texts = ts.getJSDocCommentsAndTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
  return texts.join(' ').replaceAll(/\s+/g, ' ').trim();
}
