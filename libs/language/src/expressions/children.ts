import type { Expression } from './ast';

/** The expressions an expression is made of. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'call':
      return node.args;
    case 'list':
      return node.items;
    case 'map':
      return node.entries.map(([, value]) => value);
    case 'choose':
      return [node.test, node.yes, node.no];
    default:
      return operandsOf(node);
  }
}

function operandsOf(node: Exclude<Expression, { kind: 'call' | 'list' | 'map' | 'choose' }>): readonly Expression[] {
  if (node.kind === 'index') return [node.of, node.key];
  if (node.kind === 'matches') return node.right.kind === 'regex' ? [node.left] : [node.left, node.right];
  if ('left' in node) return [node.left, node.right];
  return 'of' in node ? [node.of] : [];
}
