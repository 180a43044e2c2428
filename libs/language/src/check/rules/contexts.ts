import type { Reference } from '../../expressions/ast';
import { problemIn } from '../../read/report';
import { pathText } from '../../values/write';
import { rootOf } from '../texts/root-of';
import type { Rule } from '../rule';

/** Read-only keys of contexts; every key of `$workspace` and `secret`. */
const READ_ONLY: Readonly<Record<string, readonly string[] | true>> = {
  global: ['workspaceId', 'workspaceName', 'apiUrl', 'consoleUrl', 'endpoints'],
  user: ['email', 'authData', 'role', 'groups'],
  session: [],
  socket: [],
  config: [],
  run: [
    ...['id', 'depth', 'correlationId', 'socketId', 'ip', 'date', 'trigger', 'automationSlug', 'appSlug', 'appInstanceSlug'],
    ...['appInstanceFullSlug', 'parentAppSlug', 'sourceWorkspaceId', 'authenticatedWorkspaceId', 'version'],
  ],
  $workspace: true,
  secret: true,
};

/** The names of contexts, and what looks like one. */
export const CONTEXTS: ReadonlySet<string> = new Set(Object.keys(READ_ONLY));

/** Writes to what is read-only. */
export const readOnly: Rule = ({ writes }) =>
  writes.flatMap(({ reference, text }) => {
    const why = refusalOf(reference);
    return why === undefined ? [] : [problemIn('context-read-only', text.tree, why)];
  });

function refusalOf(reference: Reference): string | undefined {
  const context = rootOf(reference) ?? '';
  const fixed = Object.hasOwn(READ_ONLY, context) ? READ_ONLY[context] : undefined;
  if (fixed === true) return `\`${context}\` is read-only.`;
  if (fixed === undefined || reference.keys === undefined) return undefined;
  const [, key, ...more] = reference.keys;
  if (key === undefined) return `A context cannot be written as a whole; write \`${context}.<key>\`.`;
  const isFixed = fixed.includes(key) || (key === 'id' && more.length > 0 && context !== 'global');
  return isFixed ? `\`${pathText(reference.keys)}\` is read-only.` : undefined;
}
