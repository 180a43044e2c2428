import { fromBinary, type DescMethod } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  EventsService,
  LiveService,
  LogService,
  PlatformService,
  policyOf,
  ProblemSchema,
  ServicesService,
  subjectOf,
  WorkspacesService,
} from '@millrace/contracts';
import { eventsService } from '@millrace/events';
import { gatewayService } from '@millrace/gateway';
import { ANONYMOUS, type Principal } from '@millrace/kernel';
import { SignedPassports } from '@millrace/auth';
import type { Wire, WireMessage } from '@millrace/messaging';
import { runtimeService } from '@millrace/runtime';
import { freePort, person, serviceBench, type ServiceBench } from '@millrace/testing';
import { workspacesService } from '@millrace/workspaces';
import { METHODS } from './methods';
import { filled } from './filled';

const { pollEvents } = LiveService.method;

/** Who may see nothing may be shown nothing: events that are addressed to nobody else are searched by everybody. */
const REFUSED = /not_found|_denied|sign_in_needed|^nothing$/;

const isReading = (method: DescMethod): boolean => {
  const policy = policyOf(method);
  return policy.kind === 'rule' && policy.action === 'read';
};

/** Whether an answer shows nothing. Where the log stands is no secret of anybody. */
function isEmpty(method: DescMethod, body: Uint8Array): boolean {
  if (method !== pollEvents) return body.length === 0;
  return fromBinary(pollEvents.output, body).events.length === 0;
}

/** What is answered, or begins the answer. */
async function firstReply(wire: Wire, method: DescMethod, message: WireMessage): Promise<WireMessage> {
  if (method.methodKind === 'unary') return wire.request(subjectOf(method), message, { timeout: 10_000 });
  for await (const reply of wire.stream(subjectOf(method), message, { timeout: 10_000 })) return reply;
  throw new Error(`${method.name} answered nothing.`);
}

describe('every method with a rule', () => {
  let bench: ServiceBench;
  let workspaceId: string;
  let gateway: SignedPassports;

  beforeAll(async () => {
    const settings = { MILLRACE_PORT: String(await freePort()), MILLRACE_FIRST_PASSWORD: 'a-password-for-tests' };
    bench = await serviceBench(workspacesService(), eventsService({}), runtimeService({}), gatewayService(settings));
    const { platform } = bench;
    gateway = await SignedPassports.create({ service: 'gateway', keyValue: platform.keyValue, clock: platform.clock });
    const { workspace } = await bench.bus.call(WorkspacesService.method.createWorkspace, { name: 'Ada’s' }, bench.as(person('ada')));
    workspaceId = workspace?.id ?? '';
  });

  afterAll(async () => {
    await gateway.close();
    await bench[Symbol.asyncDispose]();
  });

  const ruled = METHODS.filter((method) => policyOf(method).kind === 'rule');

  const outcomeOf = async (method: DescMethod, principal: Principal): Promise<string> => {
    const body = filled(method.input, workspaceId);
    if (body === undefined) return 'no request was found that passes its checks';
    const wire = await bench.platform.connect('gateway');
    const headers = { 'millrace-principal': await gateway.sign(principal, 30_000) };
    try {
      const reply = await firstReply(wire, method, { body, headers });
      if (reply.headers['millrace-outcome'] === 'problem') return fromBinary(ProblemSchema, reply.body).code;
      return isReading(method) && isEmpty(method, reply.body) ? 'nothing' : 'answered';
    } finally {
      await wire.close();
    }
  };

  it('is there to be tried', () => {
    expect(ruled.length).toBeGreaterThan(50);
  });

  it.each([
    ['a stranger', person('eve')],
    ['nobody', ANONYMOUS],
    ['a key of another workspace', { kind: 'key', id: 'key_1', roles: [], workspace: 'ws_another' } as const],
    ['an automation of another workspace', { kind: 'automation', id: 'x', roles: [], workspace: 'ws_another' } as const],
  ])('refuses %s', async (_, principal) => {
    const outcomes = await Promise.all(ruled.map(async (method) => [method.name, await outcomeOf(method, principal)] as const));
    expect(outcomes.filter(([, outcome]) => !REFUSED.test(outcome))).toEqual([]);
  });

  it('lets an auditor of the platform read audits, and nothing else', async () => {
    const auditor = { ...person('eve'), roles: ['person', 'platform-auditor'] };
    const outcomes = await Promise.all(ruled.map(async (method) => [method.name, await outcomeOf(method, auditor)] as const));
    const { listAudit, listPlatformAudit } = EventsService.method;
    expect(outcomes.filter(([, outcome]) => outcome === 'answered')).toEqual([[listAudit.name, 'answered']]);
    // Nothing was done on the platform yet.
    expect(outcomes).toContainEqual([listPlatformAudit.name, 'nothing']);
  });

  it('does not refuse its owner for the want of a right: what refuses the others is the guard', async () => {
    const outcomes = await Promise.all(ruled.map(async (method) => [method.name, await outcomeOf(method, person('ada'))] as const));
    expect(outcomes.filter(([, outcome]) => outcome.endsWith('_denied'))).toEqual([
      [EventsService.method.listPlatformAudit.name, 'audit.read_denied'],
      [LogService.method.searchPlatform.name, 'log.read_denied'],
      [LogService.method.getLog.name, 'log.read_denied'],
      [LogService.method.rebuildHistory.name, 'log.manage_denied'],
      [LogService.method.getRebuild.name, 'log.read_denied'],
      [PlatformService.method.listAllWorkspaces.name, 'workspaces.read_denied'],
      [ServicesService.method.listServices.name, 'services.read_denied'],
    ]);
  });
});
