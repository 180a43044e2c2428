import type { CollectionSpec } from '@millrace/documents';
import type { RoleBook } from '../application/rights/role-book';
import type { Draft } from '../domain/draft';
import { placeOf, type Member } from '../domain/members';
import type { Releases } from '../domain/releases';
import type { SlugAlias } from '../domain/slug-alias';
import type { Workspace } from '../domain/workspace';

const unlessDeleted =
  <V>(value: (workspace: Workspace) => V) =>
  (workspace: Workspace): V | undefined =>
    workspace.state === 'deleted' ? undefined : value(workspace);

/** Deleted workspaces are in no index but those of what is deleted: their slug is free and no list shows them. */
export const WORKSPACES: CollectionSpec<Workspace> = {
  name: 'workspaces',
  id: ({ id }) => id,
  indexes: [
    { name: 'slug', of: unlessDeleted(({ slug }) => slug), unique: true },
    { name: 'owner', of: unlessDeleted(({ owner }) => owner) },
    { name: 'created', of: unlessDeleted(({ createdAt }) => createdAt) },
    { name: 'trashed', of: ({ state, owner }) => (state === 'deleted' ? owner : undefined) },
    { name: 'deleted', of: ({ state }) => (state === 'deleted' ? true : undefined) },
    { name: 'purge', of: ({ purgeAt }) => purgeAt },
  ],
};

export const SLUG_ALIASES: CollectionSpec<SlugAlias> = {
  name: 'slug-aliases',
  id: ({ slug }) => slug,
  indexes: [{ name: 'workspace', of: ({ workspaceId }) => workspaceId }],
};

export const DRAFTS: CollectionSpec<Draft> = { name: 'drafts', id: ({ workspaceId }) => workspaceId, indexes: [] };

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
  ],
};
