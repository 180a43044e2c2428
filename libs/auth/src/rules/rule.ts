interface Reach {
  /** Subjects the rule speaks of. */
  readonly on: readonly string[];
  /** Only objects that this filter matches: the filter grammar of history over the object, with variables. See `checkRule`. */
  readonly where?: string;
  /** Only these fields and what is below them, as dot paths. */
  readonly fields?: readonly string[];
  /** Told to whoever a deny rule refuses. */
  readonly reason?: string;
  /** `drop`: copies of the workspace come without it. */
  readonly onDuplicate?: 'drop';
  /** The role it comes from. */
  readonly role?: string;
  /** The share it comes from. */
  readonly share?: string;
}

/** Lets these actions happen. `manage` is all of them; `execute` also covers `execute:<name>`. */
export interface AllowRule extends Reach {
  readonly allow: readonly string[];
}

/** Forbids these actions, whatever other rules allow. */
export interface DenyRule extends Reach {
  readonly deny: readonly string[];
}

/** One sentence of a role. */
export type Rule = AllowRule | DenyRule;

/** What a rule can allow or deny; automations may add their own as `execute:<name>`. */
export const ACTIONS = [
  'read',
  'create',
  'update',
  'delete',
  'manage',
  'publish',
  'activate',
  'execute',
  'test',
  'aggregate',
  'export',
  'erase',
  'cancel',
  'replay',
  'build',
  'approve',
  'join',
  'decide',
  'send',
] as const;

/** What a rule can speak of. */
export const SUBJECTS = [
  'workspaces',
  'automations',
  'versions',
  'apps',
  'event-types',
  'config',
  'secrets',
  'roles',
  'members',
  'keys',
  'files',
  'events',
  'topics',
  'subscriptions',
  'runs',
  'schedules',
  'contexts',
  'dead-letters',
  'actions',
  'repositories',
  'sites',
  'retention',
  'audit',
  'log',
  'profiles',
  'offers',
  'employers',
  'applications',
  'reviews',
  'reports',
  'categories',
  'notifications',
] as const;

export type Subject = (typeof SUBJECTS)[number];

/** Whether the rule speaks of this action on this subject, leaving its conditions aside. */
export function covers(rule: Rule, action: string, subject: string): boolean {
  const actions = 'deny' in rule ? rule.deny : rule.allow;
  return rule.on.includes(subject) && (actions.includes('manage') || actions.includes(action) || actions.includes(verbOf(action)));
}

/** The action that `execute:<name>` is a kind of. */
export function verbOf(action: string): string {
  return action.replace(/:.*$/s, '');
}

/** Whether the rule holds only under conditions (`where`, `fields`), which need an object to be decided. */
export function isConditional(rule: Rule): boolean {
  return rule.where !== undefined || rule.fields !== undefined;
}
