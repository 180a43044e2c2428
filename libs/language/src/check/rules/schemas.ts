import type { Problem } from '../../problems/problem';
import { problemIn } from '../../read/report';
import { entryOf, valueOf } from '../../read/tree';
import type { Tree } from '../../read/tree';
import { compileSchema } from '../../schema/compile-schema';
import { unusable } from '../../schema/schema';
import type { Rule } from '../rule';

/** Schemas that cannot be used. */
export const schemas: Rule = ({ automation, steps }) => {
  const { tree } = automation;
  const args = entryOf(tree, 'arguments')?.value;
  const listed = entryOf(tree, 'schemas')?.value;
  const request = entryOf(entryOf(entryOf(tree, 'when')?.value, 'endpoint')?.value, 'request')?.value;
  const forms = steps.flatMap(({ name, body }) => (name === 'approve' ? [entryOf(body, 'form')?.value] : []));
  const parts =
    listed?.kind === 'list' ? listed.items.flatMap((item) => [entryOf(item, 'payload')?.value, entryOf(item, 'output')?.value]) : [];
  const all = [...(args?.kind === 'map' ? args.entries.map(({ value }) => value) : []), ...parts, request, ...forms];
  return all.flatMap((schema) => (schema === undefined ? [] : schemaProblems(schema)));
};

/** A JSON Schema that cannot be used. */
export function schemaProblems(tree: Tree): readonly Problem[] {
  const schema = valueOf(tree);
  if (schema === null || typeof schema === 'string') return [];
  try {
    compileSchema(schema);
    return [];
  } catch (error) {
    const { message, pointer } = unusable(error);
    const where = pointer === '' ? '' : ` (at ${pointer})`;
    return [problemIn('schema-invalid', tree, `This JSON Schema cannot be used: ${message}${where}.`)];
  }
}
