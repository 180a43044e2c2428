import type { Clock } from '@millrace/kernel';
import type { CallContext } from '@millrace/messaging';
import { expectationOf, removeFile, writeFile, type Conditions } from '../../domain/draft';
import { eventTypeMissing, eventTypePath } from '../../domain/event-types/event-type';
import { documentRefused } from '../../domain/problems';
import type { Access } from '../access';
import type { Drafts } from '../drafts';
import type { Facts } from '../facts';
import type { EventTypeDocuments } from '../ports/event-type-documents';
import type { FileStore } from '../ports/file-store';
import type { EventTypeName, EventTypeView, ReadEventTypes } from './read-event-types';

export interface EditEventTypesParts {
  readonly access: Access;
  readonly drafts: Drafts;
  readonly files: FileStore;
  readonly documents: EventTypeDocuments;
  readonly read: ReadEventTypes;
  readonly facts: Facts;
  readonly clock: Clock;
}

/** Writes the event types of a draft; a document with errors is refused and the one before stays. */
export class EditEventTypes {
  constructor(private readonly parts: EditEventTypesParts) {}

  async put(context: CallContext, { workspace: name, type }: EventTypeName, text: string, conditions: Conditions): Promise<EventTypeView> {
    const { access, drafts, files, documents, read, clock } = this.parts;
    const expectation = expectationOf(conditions);
    const { workspace } = await access.require(context, name, 'update', 'event-types');
    const path = eventTypePath(type);
    const problems = documents.check({ path, text });
    if (problems.some(({ severity }) => severity === 'error')) throw documentRefused(problems);
    const { digest, size } = await files.put(workspace.id, text);
    const file = await drafts.change(context, workspace.id, (before) => {
      const { draft, file: written } = writeFile(before, { path, digest, size, by: context.principal.id, at: clock.now() }, expectation);
      return { document: draft, events: draft === before ? [] : [this.tell(context, workspace.id, type)], result: written };
    });
    return read.view(workspace.id, type, file);
  }

  async delete(context: CallContext, { workspace: name, type }: EventTypeName, conditions: Conditions): Promise<void> {
    const { workspace } = await this.parts.access.require(context, name, 'delete', 'event-types');
    await this.parts.drafts.change(context, workspace.id, (before) => {
      const document = removeFile(before, eventTypePath(type), expectationOf(conditions));
      if (document === undefined) throw eventTypeMissing(type);
      return { document, events: [this.tell(context, workspace.id, type)], result: undefined };
    });
  }

  private tell(context: CallContext, workspaceId: string, type: string) {
    const path = eventTypePath(type);
    return this.parts.facts.of(context, {
      workspaceId,
      type: 'workspaces.drafts.changed',
      payload: { paths: [path] },
      subject: `file/${path}`,
    });
  }
}
