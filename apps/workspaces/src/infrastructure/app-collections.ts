import type { CollectionSpec } from '@millrace/documents';
import type { App } from '../domain/apps/app';
import { installationId, type Installation } from '../domain/apps/installation';

export const APPS: CollectionSpec<App> = {
  name: 'apps',
  id: ({ slug }) => slug,
  indexes: [
    { name: 'workspace', of: ({ workspaceId }) => workspaceId, unique: true },
    { name: 'visibility', of: ({ visibility }) => visibility },
  ],
};

export const INSTALLATIONS: CollectionSpec<Installation> = {
  name: 'installations',
  id: ({ workspaceId, app }) => installationId(workspaceId, app),
  indexes: [
    { name: 'app', of: ({ app }) => app },
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
  ],
};
