import { describe, expect, it } from '@jest/globals';
import { createFileRegistry, type DescMethod } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';
import {
  answerOf,
  EventsService,
  GatewayService,
  groupOf,
  handlingOf,
  headerOf,
  isJsonField,
  isRawBody,
  policyOf,
  routeOf,
  RuntimeService,
  subjectOf,
  WorkspacesService,
} from './index';

/** A method whose declaration carries no option at all. */
function bareMethod(): DescMethod {
  const file = create(FileDescriptorProtoSchema, {
    name: 'bare.proto',
    package: 'millrace.bare.v1',
    syntax: 'proto3',
    messageType: [{ name: 'Nothing' }],
    service: [
      { name: 'BareService', method: [{ name: 'Do', inputType: '.millrace.bare.v1.Nothing', outputType: '.millrace.bare.v1.Nothing' }] },
    ],
  });
  const method = createFileRegistry(file, () => undefined).getService('millrace.bare.v1.BareService')?.methods[0];
  if (method === undefined) throw new Error('The fixture has no method.');
  return method;
}

describe('the subject of a method', () => {
  it('is made of its package and name, and its group is its service', () => {
    expect(subjectOf(WorkspacesService.method.publishVersion)).toBe('call.millrace.workspaces.v1.PublishVersion');
    expect(groupOf(EventsService.method.emitEvents)).toBe('events');
  });
});

describe('the policy of a method', () => {
  it('is read from its declaration, in each of its kinds', () => {
    expect(policyOf(WorkspacesService.method.publishVersion)).toEqual({ kind: 'rule', action: 'publish', subject: 'versions' });
    expect(policyOf(GatewayService.method.getMe)).toEqual({ kind: 'me' });
    expect(policyOf(RuntimeService.method.handleEndpoint)).toEqual({ kind: 'service' });
  });

  it('cannot be left out', () => {
    expect(() => policyOf(bareMethod())).toThrow('millrace.bare.v1.BareService.Do must say who may call it');
  });

  it('stands on every method there is', () => {
    for (const service of [WorkspacesService, EventsService, RuntimeService, GatewayService]) {
      for (const method of service.methods) expect(policyOf(method).kind).toMatch(/^(rule|public|me|service)$/);
    }
  });
});

describe('the route of a method', () => {
  it('names verb, path and body', () => {
    expect(routeOf(WorkspacesService.method.putAutomation)).toEqual({
      verb: 'put',
      path: '/v1/workspaces/{workspace_id}/automations/{slug}',
      body: 'source',
    });
    expect(routeOf(WorkspacesService.method.getWorkspace)).toEqual({ verb: 'get', path: '/v1/workspaces/{workspace_id}' });
  });

  it('is missing for methods that are for services only', () => {
    expect(routeOf(WorkspacesService.method.fetchModel)).toBeUndefined();
    expect(routeOf(bareMethod())).toBeUndefined();
  });
});

describe('the answer of a method', () => {
  it('has the declared status and body', () => {
    expect(answerOf(WorkspacesService.method.createWorkspace)).toEqual({ status: 201, body: 'workspace' });
    expect(answerOf(WorkspacesService.method.listWorkspaces)).toEqual({ status: 200 });
  });

  it('says where it shows more than the document whose revision it tells', () => {
    expect(answerOf(WorkspacesService.method.getWorkspace)).toEqual({ status: 200, body: 'workspace', derived: true });
  });

  it('is 204 when there is nothing to say', () => {
    expect(answerOf(WorkspacesService.method.deleteWorkspace)).toEqual({ status: 204 });
  });
});

describe('the fields of a request', () => {
  const { field } = WorkspacesService.method.putAutomation.input;

  it('say which header they arrive in', () => {
    expect(headerOf(field.ifMatch)).toBe('if-match');
    expect(headerOf(field.slug)).toBeUndefined();
  });

  it('say whether they are JSON or the raw body', () => {
    expect(isRawBody(field.source)).toBe(true);
    expect(isJsonField(field.source)).toBe(false);
    expect(isJsonField(RuntimeService.method.runAutomation.input.field.payload)).toBe(true);
  });
});

describe('how the gateway treats a method', () => {
  it('is as it declares, else by its verb', () => {
    expect(handlingOf(EventsService.method.emitEvents)).toEqual({ class: 'emit' });
    expect(handlingOf(EventsService.method.listEvents)).toEqual({ class: 'read' });
    expect(handlingOf(WorkspacesService.method.createWorkspace)).toEqual({ class: 'write' });
  });
});
