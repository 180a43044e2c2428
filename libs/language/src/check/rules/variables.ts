import type { Problem } from '../../problems/problem';
import { childOf, entryOf, textChild } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { withSeverity } from '../../read/report';
import type { Facts, Read } from '../facts';
import { rootOf, rootSpan } from '../texts/root-of';
import type { WrittenText } from '../texts/walk';
import { remark, unknownName } from '../rule';
import type { Rule, Surroundings } from '../rule';
import { CONTEXTS } from './contexts';

const OF_EVENTS = ['id', 'type', 'createdAt', 'subject', 'payload', 'source'];
const OF_ENDPOINTS = ['method', 'query', 'headers', 'body', 'pathParams', '$http'];

/** Variables that nothing defines. */
export const unknownVariables: Rule = (facts, around) => {
  const known = definedIn(facts, around);
  if (known === undefined) return [];
  return facts.reads.flatMap((read) => unknown(read, known));
};

function unknown({ reference, text }: Read, known: ReadonlySet<string>): readonly Problem[] {
  const name = rootOf(reference);
  const ofEvent = text.as === 'expression';
  if (name === undefined || CONTEXTS.has(name) || (ofEvent ? OF_EVENTS.includes(name) : known.has(name))) return [];
  const names = ofEvent ? OF_EVENTS : [...known, ...CONTEXTS];
  const where = ofEvent ? 'A filter sees only the event: ' : '';
  const spans = { problem: reference, name: rootSpan(reference, name, text.text) };
  const problem = unknownName('variable-unknown', text.tree, `${where}nothing defines \`${name}\`.`, { name, known: names, spans });
  return [withSeverity(problem, 'warning')];
}

/** The local variables an automation may have; undefined when they cannot all be known. */
export function definedIn(facts: Facts, around: Surroundings): ReadonlySet<string> | undefined {
  const written = facts.writes.map(({ reference }) => rootOf(reference));
  if (written.includes(undefined)) return undefined;
  const { tree, slug } = facts.automation;
  const args = entryOf(tree, 'arguments')?.value;
  const passed = around.callsOf(slug);
  if (passed.some((body) => body !== undefined && body.kind !== 'map')) return undefined;
  return new Set([
    ...written.filter((name) => name !== undefined),
    ...(args?.kind === 'map' ? args.entries.map(({ key }) => key) : []),
    ...passed.flatMap((body) => (body?.kind === 'map' ? body.entries.map(({ key }) => key) : [])),
    ...ofTriggers(childOf(tree, 'when')),
    ...(childOf(tree, 'batch') === undefined ? [] : ['events']),
    ...(facts.steps.some(({ name }) => name === 'repeat') ? ['item', '$index'] : []),
    ...(facts.steps.some(({ name }) => name === 'try') ? ['$error'] : []),
    '$http',
  ]);
}

function ofTriggers(when: Tree | undefined): readonly string[] {
  return [
    ...(childOf(when, 'events') === undefined && childOf(when, 'sources') === undefined ? [] : OF_EVENTS),
    ...(childOf(when, 'endpoint') === undefined ? [] : OF_ENDPOINTS),
    ...(childOf(when, 'schedules') === undefined ? [] : ['schedule', 'payload']),
  ];
}

/** Results that nobody reads. */
export const unusedOutputs: Rule = (facts) => {
  const read = new Set(facts.reads.map(({ reference }) => rootOf(reference)));
  if (read.has(undefined)) return [];
  return facts.steps.flatMap(({ body }) => {
    const output = childOf(body, 'output');
    const name = textChild(body, 'output')?.split(/[.[]/)[0]?.trim();
    if (output === undefined || name === undefined || name.includes('{') || CONTEXTS.has(name) || read.has(name)) return [];
    return [remark('warning', 'output-unused', output, `Nothing reads \`${name}\`.`)];
  });
};

/** References whose path depends on a value. */
export const indirect: Rule = ({ reads }) =>
  reads.flatMap(({ reference, text }) =>
    reference.pieces.some((piece) => typeof piece === 'object' && !('key' in piece))
      ? [
          remark(
            'hint',
            'reference-indirect',
            text.tree,
            'Which variable this reads depends on a value; a map and a key between brackets are easier to follow.',
            reference,
          ),
        ]
      : [],
  );

/** Branches that write the same variable: the last one in the document wins. */
export const conflictingBranches: Rule = ({ steps, writes }) =>
  steps.flatMap(({ name, body, entry }) => {
    const branches = name !== 'all' ? [] : branchesOf(body);
    const replaced = branches.map(
      (branch) =>
        new Set(
          writes.flatMap(({ text, reference: { keys } }) => (keys !== undefined && replaces(text, branch, steps) ? [keys.join('.')] : [])),
        ),
    );
    const again = replaced.flatMap((paths, index) =>
      [...paths].filter((path) => replaced.slice(0, index).some((before) => before.has(path))),
    );
    return [...new Set(again)].map((path) =>
      remark('warning', 'all-write-conflict', entry.at, `Several branches write \`${path}\`; the last in the document wins.`),
    );
  });

function branchesOf(body: Tree | undefined): readonly Tree[] {
  const list = body?.kind === 'list' ? body : childOf(body, 'do');
  return list?.kind === 'list' ? list.items : [];
}

function replaces({ tree: path, text }: WrittenText, branch: Tree, steps: Facts['steps']): boolean {
  if (!path.pointer.startsWith(`${branch.pointer}/`)) return false;
  const step = steps.find(
    ({ body }) => body !== undefined && path.pointer.startsWith(`${body.pointer}/`) && childOf(body, 'name')?.pointer === path.pointer,
  );
  const type = textChild(step?.body, 'type') ?? 'replace';
  return step === undefined ? path.pointer.endsWith('/output') : step.name === 'set' && type === 'replace' && !text.trim().endsWith(']');
}

/** Parameters that are accepted because others write them. */
export const deprecated: Rule = ({ steps }) =>
  steps.flatMap(({ name, body }) => {
    if (name !== 'set' || body?.kind !== 'map') return [];
    return ['interface', 'clone', 'lifespan'].flatMap((key) => {
      const entry = entryOf(body, key);
      return entry === undefined ? [] : [remark('warning', 'deprecated', entry.at, `\`${key}\` does nothing; take it away.`)];
    });
  });
