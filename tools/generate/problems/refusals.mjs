// Finds every refusal in the sources: what code it has, which of the seven it is, and what it says.
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** @import { Node, NewExpression, CallExpression, Expression, Symbol as Known, TypeChecker, FunctionLikeDeclaration } from 'typescript' */

/**
 * `sentence`: with … where something is put in.
 * @typedef {{ code: string, refusal: string, sentence: string }} FoundRefusal
 */

const ROOT = join(import.meta.dirname, '../../..');
const OURS = /\/(apps|libs)\/[^/]+\/src\//;
const NOT_SHIPPED = /\/gen\/|\.(spec|contract)\.ts$|\/testing\/|\/simulation\/|\/libs\/testing\//;
const GAP = '…';
const ROUNDS = 4;

/** @returns {readonly FoundRefusal[]} */
export function refusalsInSources() {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(ROOT, 'tsconfig.json'),
    { noEmit: true },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const files = (config?.fileNames ?? []).filter((file) => OURS.test(file) && !NOT_SHIPPED.test(file));
  const program = ts.createProgram(files, { ...config?.options, noEmit: true });
  const sources = program.getSourceFiles().filter(({ fileName }) => dirname(fileName) !== '' && files.includes(fileName));
  const reading = new Reading(program.getTypeChecker());
  for (const source of sources) reading.made(source);
  // Each round finds the callers of what the one before found to pass its arguments on.
  for (let round = 0; round < ROUNDS; round++) {
    const before = reading.makers.size;
    for (const source of sources) reading.called(source);
    if (reading.makers.size === before) break;
  }
  return reading.found;
}

/** Marks what nobody knows here, with the name it has. */
const UNKNOWN = /\u0001\w*\u0001/g;
const MARK = '\u0001';
/** Codes that are said of one place in a request, not of the whole. */
const CODE_OF_A_PLACE = /^api\.(field|json)_\w+$/;

/**
 * Something that makes a refusal, and the calls by which one gets there, the innermost first.
 * @typedef {{ made: NewExpression, calls: readonly CallExpression[] }} Maker
 */

class Reading {
  /** @type {FoundRefusal[]} */
  found = [];
  /** What makes refusals of its arguments. @type {Map<Known, Maker[]>} */
  makers = new Map();

  /** @param {TypeChecker} checker */
  constructor(checker) {
    this.checker = checker;
  }

  /** Notes the refusals made below the node, and what makes them of arguments. @param {Node} node */
  made(node) {
    if (ts.isNewExpression(node) && node.expression.getText() === 'DomainError') this.enter({ made: node, calls: [] });
    if (ts.isStringLiteral(node) && CODE_OF_A_PLACE.test(node.text)) this.found.push({ code: node.text, refusal: 'invalid', sentence: '' });
    ts.forEachChild(node, (child) => this.made(child));
  }

  /** Notes the refusals that calls below the node make; answers whether any of them only passes its own arguments on. @param {Node} node @returns {boolean} */
  called(node) {
    const symbol = ts.isCallExpression(node) ? this.symbolOf(node.expression) : undefined;
    const makers = (symbol && this.makers.get(symbol)) ?? [];
    let passesOn = false;
    for (const { made, calls } of [...makers]) {
      if (calls.includes(/** @type {CallExpression} */ (node))) continue;
      passesOn = this.enter({ made, calls: [...calls, /** @type {CallExpression} */ (node)] }) || passesOn;
    }
    ts.forEachChild(node, (child) => {
      passesOn = this.called(child) || passesOn;
    });
    return passesOn;
  }

  /** Notes the refusal, or – when its code or kind is an argument – what makes it; answers whether it did that. @param {Maker} maker */
  enter({ made, calls }) {
    const [code, refusal, sentence] = made.arguments ?? [];
    if (code === undefined || refusal === undefined) return false;
    const [codes, kinds] = [this.textsOf(code, calls), this.textsOf(refusal, calls)];
    if ([...codes, ...kinds].some((text) => text.includes(MARK))) return this.learn({ made, calls });
    const [said = ''] = sentence === undefined ? [] : this.textsOf(sentence, calls);
    const shown = said
      .replaceAll(UNKNOWN, GAP)
      .replaceAll(/…(?:\s?…)+/g, GAP)
      .trim();
    this.found.push(...codes.flatMap((each) => kinds.map((kind) => ({ code: each, refusal: kind, sentence: shown }))));
    return false;
  }

  /** @param {Maker} maker */
  learn({ made, calls }) {
    const owner = ts.findAncestor(calls.at(-1) ?? made, ts.isFunctionLike);
    const symbol = owner?.name === undefined ? undefined : this.symbolOf(owner.name);
    const known = (symbol && this.makers.get(symbol)) ?? [];
    if (symbol === undefined || known.some((each) => each.made === made)) return false;
    this.makers.set(symbol, [...known, { made, calls }]);
    return true;
  }

  /**
   * The texts that an expression can be.
   * @param {Expression} expression
   * @param {readonly CallExpression[]} calls by which one gets to the function it stands in
   * @returns {string[]}
   */
  textsOf(expression, calls) {
    if (ts.isStringLiteralLike(expression)) return [expression.text];
    if (ts.isTemplateExpression(expression)) {
      return expression.templateSpans.reduce(
        (texts, span) =>
          texts.flatMap((text) => this.textsOf(span.expression, calls).map((value) => `${text}${value}${span.literal.text}`)),
        [expression.head.text],
      );
    }
    const [call, ...outer] = calls;
    const given = call === undefined ? undefined : this.argumentOf(expression, call);
    if (given !== undefined) return this.textsOf(given, outer);
    const type = this.checker.getTypeAtLocation(expression);
    const literals = (type.isUnion() ? type.types : [type]).flatMap((each) => (each.isStringLiteral() ? [each.value] : []));
    return literals.length > 0 && literals.length < 20 ? literals : [`\u0001${ts.isIdentifier(expression) ? expression.text : ''}\u0001`];
  }

  /**
   * What stands in the call for a parameter of the function that is called.
   * @param {Expression} expression
   * @param {CallExpression} call
   */
  argumentOf(expression, call) {
    const declared = ts.isIdentifier(expression) ? this.checker.getSymbolAtLocation(expression)?.valueDeclaration : undefined;
    if (declared === undefined || !ts.isParameter(declared)) return undefined;
    const { parameters } = /** @type {FunctionLikeDeclaration} */ (declared.parent);
    return call.arguments[parameters.indexOf(declared)];
  }

  /** @param {Node} node */
  symbolOf(node) {
    const at = ts.isPropertyAccessExpression(node) ? node.name : node;
    const symbol = this.checker.getSymbolAtLocation(at);
    return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? this.checker.getAliasedSymbol(symbol) : symbol;
  }
}
