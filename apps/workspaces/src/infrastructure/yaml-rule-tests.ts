import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { RuleTests, type RuleTest } from '../application/ports/rule-tests';
import type { SourceFile } from '../application/ports/checker';
import type { DocumentProblem } from '../domain/problems';
import { BEYOND_MEASURE, plainOf } from './plain-yaml';

const map = z.record(z.string(), z.json());

const caller = z.strictObject({
  kind: z.enum(['user', 'key', 'automation', 'anonymous']).default('user'),
  id: z.string().min(1).default('somebody'),
  roles: z.array(z.string()).default([]),
  email: z.string().optional(),
  groups: z.array(z.string()).optional(),
  session: z.string().optional(),
  claims: map.optional(),
});

const test = z.strictObject({
  it: z.string().min(1),
  as: caller.default({ kind: 'user', id: 'somebody', roles: [] }),
  action: z.string().min(1),
  subject: z.string().min(1),
  object: map.optional(),
  expect: z.enum(['allowed', 'refused', 'depends']),
});

/** Tests of rules as a YAML list; each says `it`, `as` whom, `action`, `subject`, perhaps an `object`, and what to `expect`. */
export class YamlRuleTests extends RuleTests {
  override read({ path, text }: SourceFile): { readonly tests: readonly RuleTest[]; readonly problems: readonly DocumentProblem[] } {
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, version: '1.2', merge: false });
    const [broken] = document.errors;
    if (broken !== undefined) return { tests: [], problems: [problem(path, lines.linePos(broken.pos[0]), '', broken.message)] };
    const lineOf = (at: readonly PropertyKey[]): { line: number; col: number } => lines.linePos(offsetOf(document, at));
    const value = plainOf(document);
    if (value === undefined) return { tests: [], problems: [problem(path, { line: 1, col: 1 }, '', BEYOND_MEASURE)] };
    const read = z.array(test).safeParse(value);
    if (!read.success) {
      const problems = read.error.issues.map(({ path: at, message }) => problem(path, lineOf(at), `/${at.join('/')}`, message));
      return { tests: [], problems };
    }
    return { problems: [], tests: read.data.map((each, index) => testOf(each, lineOf([index]).line)) };
  }
}

function testOf({ it: name, as, object, ...rest }: z.infer<typeof test>, line: number): RuleTest {
  const { email, groups, session, claims, ...who } = as;
  return {
    ...rest,
    ...{ name, line },
    as: {
      ...who,
      ...(email === undefined ? {} : { email }),
      ...(groups === undefined ? {} : { groups }),
      ...(session === undefined ? {} : { session }),
      ...(claims === undefined ? {} : { claims: claims }),
    },
    ...(object === undefined ? {} : { object: object }),
  };
}

/** Where the deepest part of the path that is there begins. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}

function problem(file: string, { line, col: column }: { line: number; col: number }, path: string, message: string): DocumentProblem {
  return { code: 'rule-test-invalid', severity: 'error', file, line, column, path, message };
}
