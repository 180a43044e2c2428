import { mayDo, type Entered } from '../access';

/** Written by whoever manages automations, and read by who may read roles: wherever files are shown, this one is shown to those alone. */
export const ROLES_PATH = 'roles.yaml';

/** Whether the caller may know what the workspace's roles say. */
export function readsRoles(entered: Entered): boolean {
  return mayDo(entered, { action: 'read', subject: 'roles' });
}
