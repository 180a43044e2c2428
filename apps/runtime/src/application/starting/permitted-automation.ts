import { demandOn, type Permission } from '@millrace/auth';
import type { Plan } from '@millrace/language';

/** Refuses unless the caller may do it to this automation of the plan. */
export function demandAutomation(permission: Permission, plan: Plan, slug: string): void {
  demandOn(permission, viewOfAutomation(plan, slug));
}

/** An automation of the plan as conditions of rules speak of it: by its slug, name and labels. */
export function viewOfAutomation({ automations }: Plan, slug: string) {
  const { name = '', labels = [] } = automations.get(slug) ?? {};
  const text = typeof name === 'string' ? name : Object.values(name).find((each) => typeof each === 'string');
  return { slug, name: text ?? slug, labels };
}
