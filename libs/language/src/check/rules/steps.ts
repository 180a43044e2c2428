import { literalText } from '../facts';
import { remark, unknownName } from '../rule';
import type { Rule } from '../rule';

const MODULES = ['text', 'crypto', 'collections', 'secrets', 'access-manager'];
const LATER: ReadonlySet<string> = new Set(['collections', 'secrets', 'access-manager']);
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Actions that are not there. */
export const actions: Rule = ({ steps }, { known }) => {
  const names = known.actions === undefined ? undefined : Object.keys(known.actions);
  if (names === undefined) return [];
  return steps.flatMap(({ name, body }) => {
    const written = name === 'action' ? literalText(body, 'name') : undefined;
    if (written === undefined || names.includes(String(written.value))) return [];
    return [
      unknownName('action-unknown', written, `There is no action \`${String(written.value)}\`.`, {
        name: String(written.value),
        known: names,
      }),
    ];
  });
};

/** Modules that are not there, or not yet. */
export const modules: Rule = ({ steps }) =>
  steps.flatMap(({ name, body }) => {
    const written = name === 'run' ? literalText(body, 'module') : undefined;
    if (written === undefined) return [];
    const module = String(written.value);
    if (LATER.has(module)) return [remark('warning', 'not-supported', written, `The module \`${module}\` is not there yet.`)];
    return MODULES.includes(module)
      ? []
      : [unknownName('module-unknown', written, `There is no module \`${module}\`.`, { name: module, known: MODULES })];
  });

/** Methods that no call can have. A run does not mind how they are capitalised. */
export const methods: Rule = ({ steps }) =>
  steps.flatMap(({ name, body }) => {
    const written = name === 'fetch' ? literalText(body, 'method') : undefined;
    if (written === undefined) return [];
    const method = String(written.value);
    if (METHODS.includes(method.toUpperCase())) return [];
    return [unknownName('value-invalid', written, `\`${method}\` is not one of ${METHODS.join(', ')}.`, { name: method, known: METHODS })];
  });
