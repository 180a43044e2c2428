import { demandOn, type Permission } from '@millrace/auth';
import type { Plan } from '@millrace/language';

/** Refuses unless the caller may do it to this automation of the plan; conditions of rules speak of its slug, name and labels. */
export function demandAutomation(permission: Permission, { automations }: Plan, slug: string): void {
  const { name = '', labels = [] } = automations.get(slug) ?? {};
  const text = typeof name === 'string' ? name : Object.values(name).find((each) => typeof each === 'string');
  demandOn(permission, { slug, name: text ?? slug, labels });
}
