import { INSTALLED_PATH, LOCK_PATH } from '../../domain/apps/installed';
import { eventTypeName } from '../../domain/event-types/event-type';
import type { FileChange } from '../../domain/tree/compare';
import { demandDeed, type Deed, type Entered } from '../access';

/**
 * Refuses changes of files that other calls write for who may make those calls alone: whoever manages automations does not thereby declare
 * event types, install apps or configure the workspace, whichever way the files come.
 */
export function demandFiles(entered: Entered, changes: readonly FileChange[]): void {
  for (const deed of changes.flatMap(deedsOf)) demandDeed(entered, deed);
}

function deedsOf({ path, change }: FileChange): readonly Deed[] {
  // A text that names all apps may install some, change some and remove some.
  if (path === INSTALLED_PATH || path === LOCK_PATH) return ['create', 'update', 'delete'].map((action) => ({ action, subject: 'apps' }));
  if (path === CONFIGURATION) return [{ action: 'update', subject: 'config' }];
  if (eventTypeName(path) === undefined) return [];
  return [{ action: change === 'removed' ? 'delete' : 'update', subject: 'event-types' }];
}

const CONFIGURATION = 'workspace.yaml';
