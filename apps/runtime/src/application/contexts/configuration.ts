import type { Json, JsonMap } from '@millrace/kernel';
import type { Plan } from '@millrace/language';
import type { Contexts } from './contexts';

/** The configuration of a workspace, or of one of its app instances: as declared, with what was written over it. */
export async function configurationOf(contexts: Contexts, plan: Plan, workspaceId: string, instance: string): Promise<JsonMap> {
  const { value } = await contexts.load(workspaceId, { context: 'config', instance, owner: '' });
  return { ...declaredConfig(plan, instance), ...value };
}

/** What the document of a workspace or app instance says of its configuration. */
export function declaredConfig(plan: Plan, instance: string): JsonMap {
  const document = plan.documents.get(instance);
  const config = isMap(document) ? document['config'] : undefined;
  const value = isMap(config) ? config['value'] : undefined;
  return isMap(value) ? value : {};
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
