import { LanguageError } from '../../problems/language-error';
import type { Value } from '../../values/value';
import type { Change, WriteOp } from '../../values/write';
import type { ResolvePath } from '../../expressions/compile-reference';
import type { Json } from '@millrace/kernel';
import { SHARED } from '../world/context-keys';
import type { Branch } from './branch';
import type { AssignFrame } from '../state';
import { reply } from '../world/reply';
import { prepareWrite } from '../world/views';

/** Brings a result to where its instruction wants it, missing as null; then that instruction is finished. */
export function assign(branch: Branch, frame: AssignFrame): void {
  const node = branch.nodeAt(frame.n);
  if (node.output !== undefined) {
    const { keys, op } = keysFor(branch, node.output, 'replace');
    writeKeys(branch, { keys, op, value: frame.value[0] ?? null }, ':output');
  }
  branch.pop();
  if (frame.then === undefined) branch.next();
  else branch.complete(frame.then);
}

/** The keys a path stands for now, and what `[]` at its end makes of the operation. */
export function keysFor(branch: Branch, path: ResolvePath, op: WriteOp): { readonly keys: readonly string[]; readonly op: WriteOp } {
  let found: ReturnType<ResolvePath>;
  branch.evaluate((env) => {
    found = path(env);
    return undefined;
  });
  if (found === undefined) throw new LanguageError('language.path_invalid', 'The path depends on a value that is missing.');
  return { keys: found.keys, op: found.append && op === 'replace' ? 'push' : op };
}

/** Writes at keys, into a local variable or a context; the new value. */
export function writeKeys(branch: Branch, change: Change, suffix: string): Value {
  const [name = ''] = change.keys;
  if (SHARED.has(name)) return writeContext(branch, change, suffix);
  const result = branch.variables.write(change);
  if (name === '$http') reply(branch, change.keys, suffix);
  return result;
}

function writeContext(branch: Branch, change: Change, suffix: string): Value {
  if (switches(branch, change)) return change.value;
  const write = prepareWrite(branch, change);
  branch.request({ kind: 'write', request: write.request }, suffix);
  return write.value;
}

/** Setting `user.id` or `session.id` changes whose contexts the rest of the run reads and writes. */
export function switches(branch: Branch, { keys, op, value }: Change): boolean {
  const [context, key, more] = keys;
  if (key !== 'id' || more !== undefined || (context !== 'user' && context !== 'session')) return false;
  if (op !== 'replace' || (typeof value !== 'string' && typeof value !== 'number')) {
    throw new LanguageError('language.type', `\`${context}.id\` must be set to a text.`);
  }
  const id = String(value);
  const { state } = branch.machine;
  const { userId, sessionId } = state.identity;
  state.identity =
    context === 'user'
      ? { ...state.identity, userId: id, sessionId: sessionId ?? id }
      : { ...state.identity, sessionId: id, userId: userId ?? id };
  return true;
}

/** A value in a list that is empty when it is missing. */
export function boxed(value: Value): readonly Json[] {
  return value === undefined ? [] : [value];
}
