import type { CollectionSpec } from '@millrace/documents';
import type { SetQuotas } from '../domain/quotas/quotas';

export const QUOTAS: CollectionSpec<SetQuotas> = { name: 'quotas', id: ({ workspaceId }) => workspaceId, indexes: [] };
