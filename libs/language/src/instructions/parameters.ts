import type { JsonMap } from '@millrace/kernel';
import type { Evaluate } from '../expressions/env';
import { coerceFields } from '../shapes/coerce';
import type { Fields } from '../shapes/shape';
import type { Branch } from '../step/threads/branch';
import { isMap } from '../values/value';

/** The parameters of an instruction now, each as its shape says. A body that comes to no map gives none. */
export function parametersOf(branch: Branch, evaluate: Evaluate, fields: Fields, name: string): JsonMap {
  const given = branch.evaluate(evaluate);
  return coerceFields(fields, isMap(given) ? given : {}, name);
}
