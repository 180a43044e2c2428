import { subjectMatcher } from '../wire/subject-pattern';
import type { Pattern } from './event-log';

/** Whether an event of this workspace and type is wanted. */
export type EventFilter = (workspaceId: string, type: string) => boolean;

/** Compiles patterns `<workspace or *>.<type pattern>`; any of them is enough. */
export function eventFilter(patterns: readonly Pattern[]): EventFilter {
  const filters = patterns.map(patternFilter);
  const [only] = filters;
  if (only !== undefined && filters.length === 1) return only;
  return (workspaceId, type) => filters.some((wants) => wants(workspaceId, type));
}

function patternFilter(pattern: Pattern): EventFilter {
  const dot = pattern.indexOf('.');
  const workspace = pattern.slice(0, dot);
  const typePattern = pattern.slice(dot + 1);
  const wantsType = typePattern === '>' ? () => true : subjectMatcher(typePattern);
  if (workspace === '*') return (_, type) => wantsType(type);
  return (workspaceId, type) => workspaceId === workspace && wantsType(type);
}
