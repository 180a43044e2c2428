import type { Expression, Reference, RegexParts, TemplatePart } from '../../expressions/ast';
import { callProblem } from '../../expressions/compile-call';
import { FUNCTIONS } from '../../expressions/functions/functions';
import { literalPattern, pattern } from '../../expressions/regex';
import type { Template } from '../../expressions/template';
import { childrenOf } from '../../expressions/children';
import { refusalIn } from '../../problems/language-error';
import type { LanguageError, Span } from '../../problems/language-error';
import type { Problem } from '../../problems/problem';
import { problemIn, withReplacement, withSeverity } from '../../read/report';
import { didYouMean, nearest } from '../../shapes/nearest';
import type { ParsedText } from './parsed-text';
import type { WrittenText } from './walk';

const CODES: Readonly<Record<string, string>> = {
  'language.expression_limit': 'expression-limit',
  'language.expression_function': 'function-unknown',
  'language.expression_arity': 'function-arity',
  'language.expression_field': 'function-unknown',
  'language.reference_syntax': 'reference-syntax',
  'language.path_invalid': 'reference-syntax',
  'language.path_forbidden': 'path-forbidden',
  'language.regex': 'regex-invalid',
};

const LENIENT: ReadonlySet<string> = new Set(['function-arity', 'reference-syntax']);

/** What is wrong with one text of a document. */
export function expressionProblems(parsed: ParsedText, prisme: boolean): readonly Problem[] {
  return new TextCheck(parsed.text, prisme).problems(parsed);
}

class TextCheck {
  constructor(
    private readonly text: WrittenText,
    private readonly prisme: boolean,
  ) {}

  problems(parsed: ParsedText): readonly Problem[] {
    switch (parsed.kind) {
      case 'template':
        return this.template(parsed.template);
      case 'path':
        return this.path(parsed.path);
      case 'expression':
        return this.expression(parsed.expression);
      case 'unreadable':
        return [this.refused(parsed.error)];
    }
  }

  private template({ parts, unclosed }: Template): readonly Problem[] {
    const found = parts.flatMap((part) => this.part(part));
    if (unclosed === undefined) return found;
    const open = this.problem('template-unclosed', 'This opening is never closed; it stays text.', { at: unclosed, end: unclosed + 2 });
    return [...found, withSeverity(open, 'warning')];
  }

  private part(part: TemplatePart): readonly Problem[] {
    if (typeof part === 'string' || part.kind === 'reference') return [];
    return part.kind === 'broken' ? [this.coded(part.code, part.message, part.span)] : this.expression(part.expression);
  }

  private path(reference: Reference): readonly Problem[] {
    const forbidden = reference.keys?.find((key) => ['__proto__', 'prototype', 'constructor'].includes(key));
    return forbidden === undefined ? [] : [this.problem('path-forbidden', `Nothing may be named ${forbidden}.`, reference)];
  }

  private expression(expression: Expression): readonly Problem[] {
    return [...this.node(expression), ...childrenOf(expression).flatMap((child) => this.expression(child))];
  }

  private node(node: Expression): readonly Problem[] {
    if (node.kind === 'call') return this.call(node);
    if (node.kind === 'field' && node.of.kind === 'call') return this.field(node.of.name, node);
    return node.kind === 'matches' ? this.patterns(node.right) : [];
  }

  private patterns(right: Expression | RegexParts): readonly Problem[] {
    if (right.kind === 'list') return right.items.flatMap((item) => this.patterns(item));
    if (right.kind === 'literal' && typeof right.value === 'string') return this.pattern(right.value, right, pattern);
    const isFixed = right.kind === 'regex' && right.parts.every((part) => typeof part === 'string');
    return isFixed ? this.pattern(right.parts.join(''), right, (source, _, span) => literalPattern(source, span)) : [];
  }

  private pattern(source: string, span: Span, compile: typeof pattern): readonly Problem[] {
    try {
      compile(source, '', span);
      return [];
    } catch (error) {
      return [this.refused(refusalIn(error))];
    }
  }

  private call(node: Extract<Expression, { kind: 'call' }>): readonly Problem[] {
    const found = callProblem(node, { prisme: this.prisme });
    if (found === undefined) return [];
    if (found.code !== 'language.expression_function') return [this.coded(found.code, found.message, node)];
    const known = [...FUNCTIONS.keys()];
    const meant = nearest(node.name, known);
    const name = { at: node.at, end: node.nameEnd };
    const problem = this.problem('function-unknown', found.message + didYouMean(node.name, known), name);
    return [meant === undefined ? problem : withReplacement(problem, this.text.tree, meant, name)];
  }

  private field(name: string, node: Extract<Expression, { kind: 'field' }>): readonly Problem[] {
    const fields = FUNCTIONS.get(name)?.fields;
    if (fields === undefined || Object.hasOwn(fields, node.name)) return [];
    const known = Object.keys(fields);
    const hint = nearest(node.name, known) === undefined ? ` There are: ${known.join(', ')}.` : didYouMean(node.name, known);
    return [this.problem('function-unknown', `\`${name}\` has no field ${node.name}.${hint}`, node)];
  }

  private refused({ code, message, span }: LanguageError): Problem {
    return this.coded(code, message, span);
  }

  private coded(code: string, message: string, span: Span | undefined): Problem {
    const problem = this.problem(CODES[code] ?? 'expression-syntax', message, span);
    return this.prisme && LENIENT.has(problem.code) ? withSeverity(problem, 'warning') : problem;
  }

  private problem(code: string, message: string, span: Span | undefined): Problem {
    return problemIn(code, this.text.tree, message, span);
  }
}
