/** What an app may do where it is installed; names of events are those of the app itself. Each list is sorted, without repeats. */
export interface Permissions {
  /** Types and patterns of the platform's own events that it reads. */
  readonly reads: readonly string[];
  /** `*`: names that are only known when it runs. */
  readonly emits: readonly string[];
  /** `*`: addresses that are only known when it runs. */
  readonly hosts: readonly string[];
  readonly secrets: readonly string[];
  /** Whether it keeps answers as files. */
  readonly files: boolean;
  readonly actions: readonly string[];
  /** `*`: names that are only known when it runs. */
  readonly topics: readonly string[];
  /** Apps that come with it, each as `app@number`. */
  readonly apps: readonly string[];
}

const LISTS = ['reads', 'emits', 'hosts', 'secrets', 'actions', 'topics', 'apps'] as const;

export const NO_PERMISSIONS: Permissions = {
  reads: [],
  emits: [],
  hosts: [],
  secrets: [],
  files: false,
  actions: [],
  topics: [],
  apps: [],
};

/** What all of them together may do. */
export function allOf(many: readonly Permissions[]): Permissions {
  const lists = LISTS.map((list) => [list, sorted(many.flatMap((each) => each[list]))] as const);
  return { ...NO_PERMISSIONS, ...Object.fromEntries(lists), files: many.some(({ files }) => files) };
}

/** What an app may do as part of another that installed it under this name. */
export function within(instance: string, app: string, permissions: Permissions): Permissions {
  const emits = permissions.emits.map((event) => `${instance}.${event}`);
  return { ...permissions, emits, apps: sorted([app, ...permissions.apps]) };
}

/** As text: equal permissions give equal text. */
export function permissionsText(permissions: Permissions): string {
  const lists = LISTS.map((list) => [list, sorted(permissions[list])] as const);
  return JSON.stringify({ ...Object.fromEntries(lists), files: permissions.files });
}

/** What `after` may do that `before` may not, each in words for people: `host api.example.com`. */
export function morePermissions(before: Permissions, after: Permissions): readonly string[] {
  const more = LISTS.flatMap((list) => after[list].filter((one) => !before[list].includes(one)).map((one) => `${WORDS[list]} ${one}`));
  return after.files && !before.files ? [...more, 'keep files'] : more;
}

const WORDS: Readonly<Record<(typeof LISTS)[number], string>> = {
  reads: 'read the event',
  emits: 'emit the event',
  hosts: 'call the host',
  secrets: 'use the secret',
  actions: 'run the action',
  topics: 'manage the topic',
  apps: 'bring the app',
};

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
