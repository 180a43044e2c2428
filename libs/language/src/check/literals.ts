import type { Json } from '@millrace/kernel';
import { isTemplate } from '../expressions/template';
import { childOf, keysOf, valueOf } from '../read/tree';
import type { Tree } from '../read/tree';
import { compileSchema } from '../schema/compile-schema';
import { unusable } from '../schema/schema';

/** Where a value does not fit a schema. */
export interface Mismatch {
  /** The value, or the nearest one around a value that is missing. */
  readonly tree: Tree;
  readonly missing: boolean;
  /** Such as `/lines/0 must be number`. */
  readonly message: string;
}

/** What of a value does not fit a schema, as far as it is written: what a template fills in may be anything. Nothing for an unusable schema. */
export function mismatches(schema: Json, tree: Tree): readonly Mismatch[] {
  return problemsOf(schema, valueOf(tree)).flatMap(({ pointer, detail }) => {
    const found = nearest(tree, pointer);
    if (!found.missing && isFilledIn(found.tree)) return [];
    return [{ ...found, message: pointer === '' ? detail : `${pointer} ${detail}` }];
  });
}

function problemsOf(schema: Json, value: Json): readonly { readonly pointer: string; readonly detail: string }[] {
  try {
    return compileSchema(schema)(value, '');
  } catch (error) {
    unusable(error);
    return [];
  }
}

function nearest(tree: Tree, pointer: string): Pick<Mismatch, 'tree' | 'missing'> {
  let found = tree;
  for (const key of keysOf(pointer)) {
    const next = found.kind === 'list' ? found.items[Number(key)] : childOf(found, key);
    if (next === undefined) return { tree: found, missing: true };
    found = next;
  }
  return { tree: found, missing: false };
}

/** Whether a run fills in anything of a value. */
function isFilledIn(tree: Tree): boolean {
  if (tree.kind === 'list') return tree.items.some(isFilledIn);
  if (tree.kind === 'map') return tree.entries.some(({ value }) => isFilledIn(value));
  return typeof tree.value === 'string' && isTemplate(tree.value);
}
