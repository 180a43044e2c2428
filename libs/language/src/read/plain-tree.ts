import type { Json } from '@millrace/kernel';
import { TextFile } from './text/text-file';
import { pointerTo } from './tree';
import type { ScalarTree, Tree } from './tree';

/** A tree for a value that comes from no file. Places within a text count from its own beginning. */
export function plainTree(value: Json, name: string, pointer = ''): Tree {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item, index) => plainTree(item, name, pointerTo(pointer, index)));
    return { kind: 'list', items, file: new TextFile(name, ''), pointer, start: 0, end: 0 };
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => {
      const inner = pointerTo(pointer, key);
      return { key, at: scalar(key, name, inner), value: plainTree(item, name, inner) };
    });
    return { kind: 'map', entries, file: new TextFile(name, ''), pointer, start: 0, end: 0 };
  }
  return scalar(value, name, pointer);
}

function scalar(value: ScalarTree['value'], name: string, pointer: string): ScalarTree {
  const text = String(value);
  return { kind: 'scalar', value, style: 'exact', file: new TextFile(name, text), pointer, start: 0, end: text.length };
}
