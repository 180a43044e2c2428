import type { CollectionSpec } from '@millrace/documents';
import type { ImportJob } from '../application/exchange/import-jobs';
import type { RoleBook } from '../application/rights/role-book';
import { configId, type WrittenConfig } from '../domain/configuring/written-config';
import { toucherOf, type Draft } from '../domain/draft';
import { isHidden, isListed } from '../domain/life';
import { placeOf, type Member } from '../domain/members';
import { expiryOf } from '../domain/jobs/job';
import type { Releases } from '../domain/releases';
import { endOfShare, holderOf, thingOf, type Share } from '../domain/sharing/share';
import type { SlugAlias } from '../domain/slug-alias';
import type { Workspace } from '../domain/workspace';

const unlessHidden =
  <V>(value: (workspace: Workspace) => V) =>
  (workspace: Workspace): V | undefined =>
    isHidden(workspace) ? undefined : value(workspace);

/**
 * Workspaces that were deleted, or are not filled yet, are in no index but those of what goes: their slug is free and no list shows them.
 * `place` finds what counts as a person's, `placed` what counts at all: those that are being filled, too.
 */
export const WORKSPACES: CollectionSpec<Workspace> = {
  name: 'workspaces',
  id: ({ id }) => id,
  indexes: [
    { name: 'slug', of: unlessHidden(({ slug }) => slug), unique: true },
    { name: 'owner', of: unlessHidden(({ owner }) => owner) },
    { name: 'place', of: ({ state, owner }) => (state === 'deleted' ? undefined : owner) },
    { name: 'placed', of: ({ state }) => (state === 'deleted' ? undefined : true) },
    { name: 'created', of: unlessHidden(({ createdAt }) => createdAt) },
    { name: 'listed', of: (workspace) => (isListed(workspace) ? true : undefined) },
    { name: 'trashed', of: (workspace) => (isHidden(workspace) ? workspace.owner : undefined) },
    { name: 'deleted', of: (workspace) => (isHidden(workspace) ? true : undefined) },
    { name: 'purge', of: ({ purgeAt }) => purgeAt },
  ],
};

export const SLUG_ALIASES: CollectionSpec<SlugAlias> = {
  name: 'slug-aliases',
  id: ({ slug }) => slug,
  indexes: [{ name: 'workspace', of: ({ workspaceId }) => workspaceId }],
};

export const DRAFTS: CollectionSpec<Draft> = {
  name: 'drafts',
  id: ({ workspaceId }) => workspaceId,
  indexes: [{ name: 'toucher', of: toucherOf }],
};

export const RELEASES: CollectionSpec<Releases> = { name: 'releases', id: ({ workspaceId }) => workspaceId, indexes: [] };

export const ROLES: CollectionSpec<RoleBook> = { name: 'roles', id: ({ workspaceId }) => workspaceId, indexes: [] };

export const MEMBERS: CollectionSpec<Member> = {
  name: 'members',
  id: ({ id }) => id,
  indexes: [
    { name: 'place', of: placeOf, unique: true },
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'user', of: ({ user }) => user },
    { name: 'email', of: ({ user, email }) => (user === undefined ? email?.toLowerCase() : undefined) },
    { name: 'created', of: ({ createdAt }) => createdAt },
    { name: 'invited', of: ({ invitation }) => (invitation === undefined ? undefined : true) },
    { name: 'invitation', of: ({ invitation }) => invitation?.until },
  ],
};

/** `holder` finds what somebody has, `thing` whom an object is shared with; `ends` with `end` those that end by themselves. */
export const SHARES: CollectionSpec<Share> = {
  name: 'shares',
  id: ({ id }) => id,
  indexes: [
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'holder', of: holderOf },
    { name: 'thing', of: thingOf },
    { name: 'user', of: ({ user }) => user },
    { name: 'created', of: ({ createdAt }) => createdAt },
    { name: 'ends', of: (share) => (endOfShare(share) === undefined ? undefined : true) },
    { name: 'end', of: endOfShare },
  ],
};

export const CONFIGS: CollectionSpec<WrittenConfig> = {
  name: 'configs',
  id: configId,
  indexes: [{ name: 'workspace', of: ({ workspaceId }) => workspaceId }],
};

export const JOBS: CollectionSpec<ImportJob> = {
  name: 'jobs',
  id: ({ id }) => id,
  indexes: [
    { name: 'running', of: ({ state }) => state === 'running' },
    { name: 'due', of: ({ state, due }) => (state === 'running' ? due : undefined) },
    { name: 'expiry', of: expiryOf },
    { name: 'user', of: ({ by }) => by.id },
  ],
};
