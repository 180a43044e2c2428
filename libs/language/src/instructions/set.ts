import type { Instruction } from '../plan/instruction';
import { LanguageError } from '../problems/language-error';
import { childOf } from '../read/tree';
import { any, duration, map, oneOf, path, raw } from '../shapes/shape';
import type { Fields } from '../shapes/shape';
import { boxed, keysFor, switches, writeKeys } from '../step/threads/assign';
import type { Branch } from '../step/threads/branch';
import { SHARED } from '../step/world/context-keys';
import type { PlannedNode } from '../plan/nodes';
import { prepareWrite } from '../step/world/views';
import { same } from '../values/compare';
import { isMap, ownOf } from '../values/value';
import type { Value } from '../values/value';
import type { Json, JsonMap } from '@millrace/kernel';
import { pathText, valueAt } from '../values/write';
import type { Change, WriteOp } from '../values/write';
import { parametersOf } from './parameters';
import { STEP_FIELDS } from './step';

const FIELDS: Fields = {
  value: { shape: any, is: 'What to write; nothing removes', nullable: true },
  type: {
    shape: oneOf('replace', 'merge', 'push', 'increment'),
    is: 'Replace, lay over or append to, append, or add to a number',
    default: 'replace',
  },
  expect: { shape: any, is: 'Write only if this is there now; null: nothing or null', nullable: true },
  ttl: { shape: duration, is: 'How long a key of a context lives' },
};

const IGNORED: Fields = {
  interface: { shape: raw, is: 'Accepted and ignored' },
  clone: { shape: raw, is: 'Accepted and ignored' },
  lifespan: { shape: raw, is: 'Accepted and ignored' },
};

const BODY = map({ name: { shape: path, is: 'The path to write to', required: true }, ...FIELDS, ...IGNORED, ...STEP_FIELDS });

const LASTING = 'Nothing of `config` runs out by itself: `ttl` is for the other contexts.';

/** Writes a variable, or a key of a context. */
export const set: Instruction = {
  name: 'set',
  summary: 'Writes a variable',
  step: false,
  body: BODY,
  plan: (body, planner) => {
    const target = planner.path(childOf(body, 'name'));
    const evaluate = planner.parameters(body, BODY);
    return {
      enter: (branch, node) => {
        const parameters = parametersOf(branch, evaluate, FIELDS, 'set');
        const { keys, op } = keysFor(branch, target, (parameters['type'] ?? 'replace') as WriteOp);
        return write(branch, node, { keys, op, value: ownOf(parameters, 'value') }, parameters);
      },
      settle: (_branch, _node, value) => ({ result: isMap(value) ? boxed(ownOf(value, 'value')) : [] }),
    };
  },
};

function write(branch: Branch, node: PlannedNode, change: Change, parameters: JsonMap): 'done' | 'entered' {
  if (switches(branch, change)) return ended(branch, node, change.value);
  const expect = ownOf(parameters, 'expect');
  if (!SHARED.has(change.keys[0] ?? '')) {
    if (expect !== undefined) expectLocal(branch, change, expect);
    return ended(branch, node, writeKeys(branch, change, ':reply'));
  }
  const ttl = parameters['ttl'];
  if (ttl !== undefined && change.keys[0] === 'config') throw new LanguageError('language.argument_type', LASTING);
  const { request } = prepareWrite(branch, change, {
    ...(expect === undefined ? {} : { expect: { value: expect } }),
    ...(typeof ttl === 'number' ? { ttl } : {}),
  });
  if (expect === undefined && node.output === undefined) {
    branch.request({ kind: 'write', request }, ':write');
    return 'done';
  }
  // The outcome says what is there now, whoever else wrote: what the view shows may be something else.
  branch.await(node, { kind: 'write', request }, { suffix: ':write', refresh: true });
  return 'entered';
}

function ended(branch: Branch, node: PlannedNode, value: Value): 'done' | 'entered' {
  if (node.output === undefined) return 'done';
  // It stands where it was written, and now goes where `output` says, be that inside of itself: neither may be changed in place.
  if (typeof value === 'object' && value !== null) branch.variables.share(value);
  branch.deliver(node, boxed(value));
  return 'entered';
}

function expectLocal(branch: Branch, { keys }: Change, expect: Json): void {
  if (same(valueAt(branch.scope.vars, keys) ?? null, expect)) return;
  throw new LanguageError('runtime.context_conflict', `\`${pathText(keys)}\` does not have the expected value.`);
}
