import type { WorkspaceSources } from '../workspace/sources';
import type { Plan } from './plan';

/**
 * Compiles a workspace: instructions to nodes, expressions to closures, triggers to an index. Refuses documents with an error of the
 * read stage (`language.document_invalid`, one field problem each), nothing else.
 */
export function plan(workspace: WorkspaceSources): Plan {
  throw new Error(`not built yet: plan ${workspace.automations.length}`);
}
