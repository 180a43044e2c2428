interface Node<T> {
  readonly children: Map<string, Node<T>>;
  /** Values whose pattern ends here. */
  readonly exact: Set<T>;
  /** Values whose pattern goes on with a final `>`. */
  readonly rest: Set<T>;
}

/** Values by pattern of event types (`*` one token, a final `>` one or more); finding those that fit costs by the tokens of the type, not by the patterns. */
export class PatternIndex<T> {
  private readonly root = node<T>();

  add(pattern: string, value: T): void {
    const tokens = pattern.split('.');
    const open = tokens.at(-1) === '>';
    let here = this.root;
    for (const token of open ? tokens.slice(0, -1) : tokens) {
      let child = here.children.get(token);
      if (child === undefined) here.children.set(token, (child = node()));
      here = child;
    }
    (open ? here.rest : here.exact).add(value);
  }

  remove(pattern: string, value: T): void {
    removeFrom(this.root, pattern.split('.'), 0, value);
  }

  /** Each value once, however many of its patterns fit. */
  match(type: string): ReadonlySet<T> {
    const found = new Set<T>();
    collect(this.root, type.split('.'), 0, found);
    return found;
  }

  get empty(): boolean {
    return isEmpty(this.root);
  }
}

function node<T>(): Node<T> {
  return { children: new Map(), exact: new Set(), rest: new Set() };
}

function isEmpty<T>({ children, exact, rest }: Node<T>): boolean {
  return children.size === 0 && exact.size === 0 && rest.size === 0;
}

/** Takes the value out and prunes what nothing hangs on any more. */
function removeFrom<T>(here: Node<T>, tokens: readonly string[], at: number, value: T): void {
  const token = tokens[at];
  if (token === undefined) {
    here.exact.delete(value);
    return;
  }
  if (token === '>' && at === tokens.length - 1) {
    here.rest.delete(value);
    return;
  }
  const child = here.children.get(token);
  if (child === undefined) return;
  removeFrom(child, tokens, at + 1, value);
  if (isEmpty(child)) here.children.delete(token);
}

function collect<T>(here: Node<T>, tokens: readonly string[], at: number, found: Set<T>): void {
  const token = tokens[at];
  if (token === undefined) {
    for (const value of here.exact) found.add(value);
    return;
  }
  for (const value of here.rest) found.add(value);
  const named = here.children.get(token);
  if (named !== undefined) collect(named, tokens, at + 1, found);
  const any = here.children.get('*');
  if (any !== undefined) collect(any, tokens, at + 1, found);
}
