import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  EventTypesService,
  type DeclaredEventTypeSchema,
  type DeleteEventTypeRequest,
  type EventTypeSchema,
  type FetchEventTypesRequest,
  type GetEventTypeRequest,
  type GetEventTypeVersionRequest,
  type ListEventTypesRequest,
  type PutEventTypeRequest,
} from '@millrace/contracts';
import type { Json } from '@millrace/kernel';
import { Listing } from '@millrace/lists';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { EditEventTypes } from '../../application/event-types/edit-event-types';
import { ReadEventTypes, type EventTypeView } from '../../application/event-types/read-event-types';
import { problemMessage } from './views';

const { method } = EventTypesService;
const EVENT_TYPES = new Listing(method.listEventTypes);
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The calls on the events that a workspace declares. */
@Controller()
export class EventTypesRpc {
  constructor(
    @Inject(ReadEventTypes) private readonly read: ReadEventTypes,
    @Inject(EditEventTypes) private readonly edit: EditEventTypes,
  ) {}

  @Rpc(method.listEventTypes)
  list(request: ListEventTypesRequest, context: CallContext) {
    return EVENT_TYPES.answer(request, (page) => this.read.list(context, request.workspaceId, page), summaryMessage);
  }

  @Rpc(method.getEventType)
  async get({ workspaceId: workspace, type }: GetEventTypeRequest, context: CallContext) {
    return { eventType: eventTypeMessage(await this.read.get(context, { workspace, type })) };
  }

  @Rpc(method.putEventType)
  async put({ workspaceId: workspace, type, source, ifMatch, ifNoneMatch }: PutEventTypeRequest, context: CallContext) {
    const view = await this.edit.put(context, { workspace, type }, decoder.decode(source), { ifMatch, ifNoneMatch });
    return { eventType: eventTypeMessage(view) };
  }

  @Rpc(method.deleteEventType)
  async delete({ workspaceId: workspace, type, ifMatch }: DeleteEventTypeRequest, context: CallContext) {
    await this.edit.delete(context, { workspace, type }, { ifMatch });
    return {};
  }

  @Rpc(method.getEventTypeVersion)
  async version({ workspaceId: workspace, type, number }: GetEventTypeVersionRequest, context: CallContext) {
    const { schema, declaredAt } = await this.read.version(context, { workspace, type }, number);
    return { version: { type, number, schema: encoder.encode(schema), declaredAt: timestampFromMs(declaredAt) } };
  }

  @Rpc(method.fetchEventTypes)
  async fetch({ workspaceId, digest }: FetchEventTypesRequest, context: CallContext) {
    const items = await this.read.ofVersion(context, workspaceId, digest);
    return {
      items: items.map(
        ({ type: { type, mode, schema, clients, key = '', secret }, version }): MessageInitShape<typeof DeclaredEventTypeSchema> => ({
          ...{ type, version, mode, clients: String(clients), key, secret: [...secret] },
          ...(schema === undefined ? {} : { schema: jsonBytes(schema) }),
        }),
      ),
    };
  }
}

function eventTypeMessage(view: EventTypeView): MessageInitShape<typeof EventTypeSchema> {
  const { declared, text = '' } = view;
  return { ...summaryMessage(view), source: text, ...(declared.schema === undefined ? {} : { schema: jsonBytes(declared.schema) }) };
}

function summaryMessage({ declared, file, version, problems }: EventTypeView): MessageInitShape<typeof EventTypeSchema> {
  const { type, title, description, mode, compatibility, clients, key = '', secret, personal } = declared;
  return {
    ...{ type, title, description, mode, compatibility, key, version },
    clients: String(clients),
    secret: [...secret],
    personal: [...personal],
    digest: file.digest,
    updatedBy: file.updatedBy,
    updatedAt: timestampFromMs(file.updatedAt),
    etag: String(file.revision),
    problems: problems.map(problemMessage),
  };
}

function jsonBytes(value: Json): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}
