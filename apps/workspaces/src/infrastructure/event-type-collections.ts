import type { CollectionSpec } from '@millrace/documents';
import { placeOf, typeOf } from '../application/event-types/schema-versions';
import type { SchemaVersion } from '../domain/event-types/event-type';

export const SCHEMA_VERSIONS: CollectionSpec<SchemaVersion> = {
  name: 'event-schemas',
  id: ({ id }) => id,
  indexes: [
    { name: 'workspace', of: ({ workspaceId }) => workspaceId },
    { name: 'type', of: typeOf },
    { name: 'number', of: placeOf, unique: true },
    { name: 'order', of: ({ number }) => number },
  ],
};
