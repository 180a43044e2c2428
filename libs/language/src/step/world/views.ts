import { LanguageError } from '../../problems/language-error';
import { same } from '../../values/compare';
import { isMap, ownOf } from '../../values/value';
import type { Value } from '../../values/value';
import { applyChange, pathText, valueAt } from '../../values/write';
import type { Change } from '../../values/write';
import type { Json, JsonMap } from '@millrace/kernel';
import type { Branch } from '../threads/branch';
import { isPrefilled, ownerOf } from './context-keys';
import type { LoadRequest, SharedContext, WriteRequest } from '../effects';
import type { Machine } from '../machine';
import type { RunState, View } from '../state';
import { rememberSecrets } from './scrub';

/** Thrown while something is evaluated that needs a context nobody loaded yet. The thread is held, then tries again. */
export class ContextNeeded extends Error {
  constructor(
    readonly key: string,
    readonly request: LoadRequest,
  ) {
    super(`the context ${key} is not loaded`);
  }
}

/** The context as the run sees it; asks for it when it was not loaded. */
export function viewOf(branch: Branch, context: SharedContext): View {
  const { state } = branch.machine;
  const request = requestFor(branch, context);
  const key = keyOf(request);
  const view = Object.hasOwn(state.views, key) ? state.views[key] : undefined;
  if (view === undefined) throw new ContextNeeded(key, request);
  return view;
}

/** The name under which a view is kept. */
export function keyOf({ context, instance, owner }: LoadRequest): string {
  return `${context}|${instance}|${owner}`;
}

function requestFor(branch: Branch, context: SharedContext): LoadRequest {
  return { context, instance: branch.automation.instance, owner: ownerOf(context, branch.machine.state) };
}

/** What others may have changed meanwhile is loaded again on the next read; what is being loaded shows how it was before. */
export function forgetViews(state: RunState): void {
  state.views = {};
  state.loading = {};
}

/** The run sees a context so from now on. Secrets of a configuration are remembered, as soon as the run may know them. */
export function showView({ state, plan }: Pick<Machine, 'state' | 'plan'>, key: string, view: View): View {
  const [context, instance = ''] = key.split('|');
  if (context === 'config') rememberSecrets(state, view.value, plan.configs.get(instance)?.secret ?? []);
  state.views[key] = view;
  return view;
}

/** The view a load answered with. */
export function loadedView(answer: Json): View {
  const found = isMap(answer) ? answer : {};
  const held = ownOf(found, 'value');
  const context = isMap(held) ? held : {};
  return { value: context, revision: ownOf(found, 'revision') ?? null, size: jsonSize(context) };
}

/** A change of a context, ready to be asked for. */
export interface ContextWrite {
  readonly request: WriteRequest;
  /** The value at the path afterwards, as far as this run can tell. */
  readonly value: Value;
}

/**
 * Prepares a change of a context: refuses what is read-only, applies the change to the view (loading it first when the change depends on
 * what is there), and gives the effect. With `expect` the view changes only when the outcome says so.
 */
export function prepareWrite(branch: Branch, change: Change, options: Pick<WriteRequest, 'expect' | 'ttl'> = {}): ContextWrite {
  const [context = '', ...keys] = change.keys;
  refuseReadOnly(branch, context, keys);
  branch.machine.nesting.refuse(change.value, keys.length);
  const load = requestFor(branch, context as SharedContext);
  const value =
    dependsOnView(change, options.expect) || knows(branch, load)
      ? applyToView(branch, context as SharedContext, { ...change, keys }, options.expect)
      : change.value;
  const op = change.op === 'replace' && change.value === undefined ? 'delete' : change.op;
  const request = {
    ...load,
    path: keys,
    op,
    ...(change.value === undefined || op === 'delete' ? {} : { value: change.value }),
    ...options,
  };
  return { request, value };
}

/** Whether what is there decides about a change: what comes of it, or whether it is refused. */
function dependsOnView({ keys, op }: Change, expect: WriteRequest['expect']): boolean {
  const depends = keys.length > 2 || keys[0] === 'config' || (op !== 'replace' && op !== 'delete');
  return depends && expect === undefined;
}

/** Whether the run has a view, or is about to: one that comes later would not show the write. */
function knows(branch: Branch, request: LoadRequest): boolean {
  const { views, loading } = branch.machine.state;
  const key = keyOf(request);
  return Object.hasOwn(views, key) || Object.hasOwn(loading, key);
}

function refuseReadOnly(branch: Branch, context: string, keys: readonly string[]): void {
  const [first] = keys;
  if (first !== undefined && !isPrefilled(context, first, branch.variables.surroundings)) return;
  const name = pathText([context, ...keys]);
  throw new LanguageError(
    'language.read_only',
    first === undefined ? `A context cannot be written as a whole; write \`${name}.<key>\`.` : `\`${name}\` is read-only.`,
  );
}

/** Changes the view; one that is refused leaves it as it was. */
function applyToView(branch: Branch, context: SharedContext, change: Change, expect: WriteRequest['expect']): Value {
  if (expect !== undefined) return change.value;
  const { machine, automation } = branch;
  const view = viewOf(branch, context);
  const most = machine.limits.contexts[context];
  const guess = view.size + jsonSize(change.value) + jsonSize(change.keys);
  const mayBeRefused = context === 'config' || guess > most;
  const { root, value } = applyChange(view.value, change, mayBeRefused ? new WeakSet() : machine.owned);
  if (context === 'config') machine.plan.configs.get(automation.instance)?.accept(root);
  const size = guess > most ? jsonSize(root) : guess;
  if (size > most) throw tooLarge(context, most);
  showView(machine, keyOf(requestFor(branch, context)), { ...view, value: root, size });
  return value;
}

function tooLarge(context: SharedContext, most: number): LanguageError {
  return new LanguageError('runtime.context_too_large', `\`${context}\` would be larger than ${most >> 10} KiB; nothing was written.`);
}

/** Characters of JSON. */
function jsonSize(value: Json | readonly string[] | undefined): number {
  return value === undefined ? 0 : JSON.stringify(value).length;
}

/** Applies a write to the stored value of a context, as the run did to its view. For whoever keeps contexts. */
export function applyWrite(context: JsonMap, request: WriteRequest): { readonly value: JsonMap; readonly result: Json } {
  const keys = request.path.map(String);
  if (request.expect !== undefined && !same(valueAt(context, keys) ?? null, request.expect.value)) {
    throw new LanguageError('runtime.context_conflict', `\`${pathText([request.context, ...keys])}\` does not have the expected value.`);
  }
  const { root, value } = applyChange(context, { keys, op: request.op, value: request.value }, new WeakSet());
  return { value: root, result: value ?? null };
}
