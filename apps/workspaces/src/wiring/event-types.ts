import type { Provider } from '@nestjs/common';
import { CheckEventTypes, type CheckEventTypesParts } from '../application/event-types/check-event-types';
import { DeclareEventTypes } from '../application/event-types/declare-event-types';
import { EditEventTypes, type EditEventTypesParts } from '../application/event-types/edit-event-types';
import { EventTypeFiles } from '../application/event-types/event-type-files';
import { ReadEventTypes } from '../application/event-types/read-event-types';
import { SchemaVersions, type SchemaVersionsParts } from '../application/event-types/schema-versions';
import { YamlEventTypes } from '../infrastructure/yaml-event-types';
import { EventTypesRpc } from '../interface/rpc/event-types.rpc';

export const EVENT_TYPES_RPC = [EventTypesRpc];

/** What declaring events stands on. */
export type EventTypesParts = Omit<EditEventTypesParts & SchemaVersionsParts & CheckEventTypesParts, 'documents' | 'declared' | 'read'>;

/** What declares events, and what publishing asks of it. */
export interface DeclaredEvents {
  readonly declare: DeclareEventTypes;
  readonly check: CheckEventTypes;
  readonly providers: readonly Provider[];
}

/** The use cases of event types. */
export function eventTypesOf(parts: EventTypesParts): DeclaredEvents {
  const documents = new YamlEventTypes();
  const declared = new EventTypeFiles(parts.files, documents);
  const versions = new SchemaVersions(parts);
  const read = new ReadEventTypes({ ...parts, documents, declared, versions });
  return {
    declare: new DeclareEventTypes(documents, declared, versions),
    check: new CheckEventTypes({ ...parts, documents, declared }),
    providers: [
      { provide: ReadEventTypes, useValue: read },
      { provide: EditEventTypes, useValue: new EditEventTypes({ ...parts, documents, read }) },
    ],
  };
}
