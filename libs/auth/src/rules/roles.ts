import { SUBJECTS, type Rule, type Subject } from './rule';

/** The roles every workspace has, the least powerful first. */
export type BuiltInRole = 'viewer' | 'operator' | 'editor' | 'owner';

/** Rules by the name of the role that gives them. */
export type Roles = Readonly<Record<string, readonly Rule[]>>;

/** Viewers see a workspace, but neither who may do what in it nor what it holds of people. */
const HIDDEN: readonly Subject[] = ['members', 'roles', 'keys', 'retention', 'audit', 'log', 'contexts', 'profiles', 'applications'];

/** What editors write. */
const AUTHORED: readonly Subject[] = ['event-types', 'config', 'secrets', 'files', 'contexts', 'apps', 'repositories'];

const viewer: readonly Rule[] = [{ allow: ['read', 'aggregate'], on: SUBJECTS.filter((subject) => !HIDDEN.includes(subject)) }];

const operator: readonly Rule[] = [
  ...viewer,
  { allow: ['execute', 'test'], on: ['automations', 'actions'] },
  { allow: ['create', 'export'], on: ['events'] },
  { allow: ['join'], on: ['topics'] },
  { allow: ['read'], on: ['contexts'] },
  { allow: ['cancel', 'replay', 'export'], on: ['runs'] },
  { allow: ['manage'], on: ['dead-letters', 'schedules'] },
  { allow: ['activate', 'export'], on: ['versions'] },
];

const editor: readonly Rule[] = [
  ...operator,
  { allow: ['create', 'update', 'delete'], on: AUTHORED },
  { allow: ['manage'], on: ['automations'] },
  { allow: ['build'], on: ['actions', 'repositories'] },
  { allow: ['publish'], on: ['versions'] },
];

const owner: readonly Rule[] = [{ allow: ['manage'], on: SUBJECTS }];

/** What the built-in roles of a workspace may do in it. */
export const BUILT_IN_ROLES: Readonly<Record<BuiltInRole, readonly Rule[]>> = { viewer, operator, editor, owner };

/** What the platform's own roles may do in every workspace. People's profiles stay their own. */
export const PLATFORM_ROLES: Roles = {
  'platform-admin': [{ allow: ['manage'], on: SUBJECTS.filter((subject) => subject !== 'profiles') }],
  'platform-operator': [
    { allow: ['read'], on: ['workspaces'] },
    { allow: ['manage'], on: ['sites', 'dead-letters', 'log'] },
  ],
  'platform-auditor': [{ allow: ['read'], on: ['audit'] }],
  moderator: [{ allow: ['manage'], on: ['categories', 'reports'] }],
};
