import { DomainError } from '@millrace/kernel';
import type { Freeze, Suspension } from './suspension';
import type { Transfer } from './transfer';

/** A team's place, without what stands in it. Times are milliseconds since 1970. */
export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  /** Id of the user who owns it. */
  readonly owner: string;
  /** `suspended`: nothing runs in it, and its owner and operators may read. `filling`: whoever makes it puts something in it first, and nobody finds it until then. */
  readonly state: 'active' | 'suspended' | 'deleted' | 'filling';
  /** What stands still while the rest goes on; absent: nothing does, or all of it as the state says. */
  readonly freezes?: readonly Freeze[];
  /** Why something stands still; absent: nothing does, or its owner has left for good. */
  readonly suspension?: Suspension;
  /** Its state before it was deleted. */
  readonly before?: Workspace['state'];
  /** When nothing will be left of it (milliseconds since 1970), unless it is filled by then; absent: it was not deleted. */
  readonly purgeAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who changed it last; absent: nobody since it was made. */
  readonly updatedBy?: string;
  /** Origins whose pages may call its endpoints and read its events, exactly as browsers send them; absent: none. */
  readonly allowedOrigins?: readonly string[];
  /** What becomes of events that it does not declare; absent: they are let in. */
  readonly unknownEvents?: UnknownEvents;
  /** How far versions of apps are installed by themselves; absent: not at all. */
  readonly autoUpgrade?: AutoUpgrade;
  /** When its draft becomes a version; absent: when somebody says so. */
  readonly publishing?: PublishingMode;
  /** Media types that its files may have, or all of a kind as `image/*`; absent or empty: any. */
  readonly fileTypes?: readonly string[];
  /** Names of the only hosts that its automations may reach, in lower case and without a port; absent or empty: any. */
  readonly egress?: readonly string[];
  /** Whether everybody who is signed in finds it; absent: only those who have a part in it. */
  readonly listed?: boolean;
  /** IANA zone of its dates and schedules, where its version names none; absent or empty: UTC. */
  readonly zone?: string;
  /** Language of its dates as a tag (BCP 47), where its version names none; absent or empty: English. */
  readonly locale?: string;
  /** For search and grouping; absent: none. */
  readonly labels?: readonly string[];
  /** Its name and description in other languages, by their tags (BCP 47). */
  readonly names?: Translated;
  readonly descriptions?: Translated;
  /** Id of the file that is its photo; absent or empty: it has none. */
  readonly photo?: string;
  /** To whom it is offered; absent: to nobody. */
  readonly transfer?: Transfer;
}

/** Let in, let in and told of, or kept out. */
export type UnknownEvents = 'allow' | 'warn' | 'refuse';

/** Not at all, those that only mend, or those that add something as well. */
export type AutoUpgrade = 'none' | 'patch' | 'minor';

/** When somebody says so, or by itself soon after each change of the draft. */
export type PublishingMode = 'manual' | 'on-save';

/** A text by the tags of languages. */
export type Translated = Readonly<Record<string, string>>;

/** What may be said of a workspace by its people; a missing field stays as it is. */
export interface WorkspaceChanges {
  readonly slug?: string;
  readonly name?: string;
  readonly description?: string;
  readonly allowedOrigins?: readonly string[];
  readonly unknownEvents?: UnknownEvents;
  readonly autoUpgrade?: AutoUpgrade;
  readonly publishing?: PublishingMode;
  readonly fileTypes?: readonly string[];
  readonly egress?: readonly string[];
  readonly listed?: boolean;
  readonly zone?: string;
  readonly locale?: string;
  readonly labels?: readonly string[];
  readonly names?: Translated;
  readonly descriptions?: Translated;
  readonly photo?: string;
}

const SAID = [
  'slug',
  'name',
  'description',
  'allowedOrigins',
  'unknownEvents',
  'autoUpgrade',
  'publishing',
  'fileTypes',
  'egress',
  'listed',
  'zone',
  'locale',
  'labels',
  'names',
  'descriptions',
  'photo',
] as const;

/** What is meant where nothing was said. */
const UNSAID: WorkspaceChanges = {
  unknownEvents: 'allow',
  autoUpgrade: 'none',
  publishing: 'manual',
  allowedOrigins: [],
  fileTypes: [],
  egress: [],
  listed: false,
  zone: '',
  locale: '',
  photo: '',
};

/** Who changes something, and when (milliseconds since 1970). */
export interface Change {
  readonly by: string;
  readonly at: number;
}

const SLUG_LENGTH = 40;
/** Labels of a workspace, and origins that its settings let in: more are refused at the door. */
export const MOST_LABELS = 20;
export const MOST_ORIGINS = 50;

export function createWorkspace(id: string, owner: string, said: WorkspaceChanges & { readonly name: string }, now: number): Workspace {
  return {
    id,
    slug: said.slug ?? slugFrom(said.name),
    name: said.name,
    description: said.description ?? '',
    owner,
    state: 'active',
    createdAt: now,
    updatedAt: now,
  };
}

/** The workspace with the changes, and the names of the fields that are not what they were. */
export function changeWorkspace(
  workspace: Workspace,
  changes: WorkspaceChanges,
  { by, at }: Change,
): { workspace: Workspace; changed: string[] } {
  const changed = SAID.filter(
    (field) => changes[field] !== undefined && JSON.stringify(changes[field]) !== JSON.stringify(workspace[field] ?? UNSAID[field]),
  );
  return changed.length === 0 ? { workspace, changed } : { workspace: { ...workspace, ...changes, updatedAt: at, updatedBy: by }, changed };
}

/**
 * The workspace after its owner has left for good: of the heir, or suspended when there is none, if need be once it is had back. Nothing in
 * it names the one who left.
 */
export function bereave(workspace: Workspace, heir: string | undefined, at: number): Workspace {
  const { updatedBy: _, suspension, ...nameless } = workspace;
  const isKept = suspension !== undefined && (heir !== undefined || suspension.isOperators);
  const owned = { ...nameless, owner: heir ?? '', updatedAt: at, ...(isKept && { suspension: unsigned(suspension, workspace.owner) }) };
  if (heir !== undefined) return owned;
  return owned.state === 'deleted' ? { ...owned, before: 'suspended' } : { ...owned, state: 'suspended' };
}

function unsigned(suspension: Suspension, person: string): Suspension {
  return suspension.by === person ? { ...suspension, by: '' } : suspension;
}

/** A slug made from a name: `Hôtel du Lac` → `hotel-du-lac`. Refuses a name without a letter. */
export function slugFrom(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, SLUG_LENGTH)
    .replace(/-+$/, '');
  if (slug.length >= 3) return slug;
  throw new DomainError(
    'workspaces.slug_missing',
    'invalid',
    `No short name can be made from "${name}". Give the workspace a slug: 3 to 40 of a–z, 0–9 and -.`,
    {
      errors: [{ pointer: '/slug', code: 'required', detail: 'A slug is needed for this name.' }],
    },
  );
}

/** There is no such workspace, or none the caller may know of: the two are told the same. */
export function workspaceMissing(name: string): DomainError {
  return new DomainError('workspaces.not_found', 'not-found', `There is no workspace "${name}", or you are not a member of it.`, {
    facts: { workspace: name },
  });
}

/** Another workspace has the slug. */
export function slugTaken(slug: string): DomainError {
  return new DomainError('workspaces.slug_taken', 'conflict', `Another workspace is called "${slug}". Choose another slug.`, {
    facts: { slug },
    errors: [{ pointer: '/slug', code: 'taken', detail: 'Choose another slug.' }],
  });
}

/** The file cannot be the photo of a workspace. */
export function photoRefused(photo: string): DomainError {
  return new DomainError(
    'workspaces.photo_refused',
    'invalid',
    `"${photo}" is no picture of this workspace that everybody may see. Upload one with ?visibility=public, and name that.`,
    { facts: { photo }, errors: [{ pointer: '/photo', code: 'photo', detail: 'Name a public file of the workspace that is a picture.' }] },
  );
}
