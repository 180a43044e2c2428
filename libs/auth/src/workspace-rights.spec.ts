import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProblemSchema, WorkspacesService, type GetGrantsResponse } from '@millrace/contracts';
import { Clock, servicePrincipal, type Principal } from '@millrace/kernel';
import { Bus, LocalHub, SqliteKeyValue, type CallContext, type Wire } from '@millrace/messaging';
import { SignedPassports } from './passports/signed-passports';
import { WorkspaceRights } from './workspace-rights';

const START = Date.UTC(2026, 10, 21);
const GRANTS = [
  { actions: ['read', 'execute'], subjects: ['automations'] },
  { deny: true, actions: ['read'], subjects: ['events'], reason: 'Events hold names of guests.' },
  { deny: true, actions: ['read'], subjects: ['runs'] },
  { actions: ['manage'], subjects: ['events', 'runs'] },
  { actions: ['update'], subjects: ['automations'], where: "labels = 'desk'", role: 'desk' },
  { deny: true, actions: ['list'], subjects: ['events'], fields: ['payload.name'] },
];

const KNOWN = { workspaceId: 'ws_1', roles: ['desk'], grants: GRANTS };

const { input, output } = WorkspacesService.method.getGrants;
const ada: Principal = { kind: 'user', id: 'usr_ada', roles: [] };

class SetClock extends Clock {
  override now(): number {
    return START;
  }
}

let keyValue: SqliteKeyValue;
let wire: Wire;
let rights: WorkspaceRights;
let bus: Bus;
let clock: Clock;
let context: CallContext;
let asked: object[];

beforeEach(async () => {
  clock = new SetClock();
  asked = [];
  keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  wire = new LocalHub().connect();
  await wire.serve('call.millrace.workspaces.v1.GetGrants', 'workspaces', {
    request: async ({ body }) => {
      const { workspaceId, actedFor } = fromBinary(input, body);
      if (actedFor !== undefined) asked.push(actedFor);
      if (actedFor?.id === 'eve') return refusalOf('workspaces.not_found');
      if (actedFor?.id === 'down') return refusalOf('workspaces.unavailable');
      return {
        body: toBinary(
          output,
          create(output, { ...KNOWN, slug: workspaceId, ...(workspaceId === 'fair' ? { until: timestampFromMs(START) } : {}) }),
        ),
        headers: {},
      };
    },
  });
  const passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
  bus = new Bus(wire, passports, clock);
  rights = new WorkspaceRights(bus, clock);
  context = { principal: ada, correlationId: 'story', deadline: START + 5_000 };
});

afterEach(async () => {
  await wire.close();
  await keyValue.close();
});

function refusalOf(code: string) {
  return {
    body: toBinary(ProblemSchema, create(ProblemSchema, { code, refusal: 'not-found', facts: new TextEncoder().encode('{}') })),
    headers: { 'millrace-outcome': 'problem' },
  };
}

describe('rights in a workspace', () => {
  it('let the caller do what a rule there allows, and say which workspace it is', async () => {
    expect(await rights.require(context, 'hotel', 'execute', 'automations')).toEqual({ id: 'ws_1', slug: 'hotel', roles: ['desk'] });
  });

  it('refuse what no rule there allows', async () => {
    await expect(rights.require(context, 'hotel', 'delete', 'automations')).rejects.toMatchObject({
      code: 'automations.delete_denied',
      refusal: 'forbidden',
    });
  });

  it('let the caller in where they may do something, and say on which objects and fields', async () => {
    const { permission, ...known } = await rights.permit(context, 'hotel', 'update', 'automations');
    expect(known).toEqual({ id: 'ws_1', slug: 'hotel', roles: ['desk'] });
    expect([permission.query, permission.bound[0]?.rule.role]).toEqual([{ op: '=', field: 'labels', value: 'desk' }, 'desk']);
    const { fields } = (await rights.permit(context, 'hotel', 'list', 'events')).permission;
    expect(fields.show({ payload: { name: 'Ada', n: 1 } })).toEqual({ payload: { n: 1 } });
    await expect(rights.require(context, 'hotel', 'update', 'automations')).rejects.toMatchObject({ code: 'automations.update_denied' });
    await expect(rights.permit(context, 'hotel', 'read', 'files')).rejects.toMatchObject({ code: 'files.read_denied' });
    await expect(rights.permit(context, 'hotel', 'read', 'events')).rejects.toMatchObject({ code: 'events.read_denied' });
  });

  it('are told with when something of them ends by itself', async () => {
    expect((await rights.permit(context, 'fair', 'read', 'automations')).until).toBe(START);
    expect(await rights.permit(context, 'hotel', 'read', 'automations')).not.toHaveProperty('until');
  });

  it('are read once for all who get the same answer, each kind of question for itself', async () => {
    const found = new Map<string, Promise<GetGrantsResponse>>();
    const shared = new WorkspaceRights(bus, clock, {
      of: (_, workspace, find) => {
        const asked = found.get(workspace) ?? find();
        found.set(workspace, asked);
        return asked;
      },
    });
    const permissionTo = async (action: string) => (await shared.granted(context, 'hotel', action, 'automations')).permission;
    expect(await permissionTo('read')).toBe(await permissionTo('read'));
    expect(await permissionTo('delete')).not.toBe(await permissionTo('read'));
  });

  it('are asked for whom a service acts for, with all that roles may be given by', async () => {
    const runtime: CallContext = { ...context, principal: servicePrincipal('gateway') };
    const bob = {
      ...ada,
      id: 'bob',
      email: 'b@x',
      verified: true,
      roles: ['moderator'],
      groups: ['/desk'],
      claims: { a: 1 },
      workspace: 'w',
    };
    const may = async (who: Principal, action: string) => (await rights.grantedTo(runtime, who, 'ws_1', action, 'automations')).query;
    expect(await may({ ...bob, workspace: 'ws_1' }, 'execute')).toBe(true);
    expect(await may({ ...bob, workspace: 'ws_1', scopes: ['read:events'] }, 'execute')).toBe(false);
    expect(await may(ada, 'delete')).toBe(false);
    expect(await may({ ...ada, id: 'eve' }, 'execute')).toBe(false);
    await expect(may({ ...ada, id: 'down' }, 'execute')).rejects.toMatchObject({ code: 'workspaces.unavailable' });
    expect(asked[0]).toMatchObject({
      kind: 'user',
      id: 'bob',
      email: 'b@x',
      verified: true,
      roles: ['moderator'],
      groups: { paths: ['/desk'] },
    });
    expect(asked[2]).toMatchObject({ kind: 'user', id: 'usr_ada', email: '', roles: [], workspace: '' });
  });

  it('count the rules of the service itself, which deny rules of the workspace outweigh', async () => {
    const own = (subject: string) => [{ allow: ['read'], on: [subject] }];
    const { permission } = await rights.permit(context, 'hotel', 'read', 'files', own('files'));
    expect(permission.query).toBe(true);
    await expect(rights.permit(context, 'hotel', 'read', 'runs', own('runs'))).rejects.toMatchObject({ code: 'runs.read_denied' });
  });

  it('refuse what a rule there denies, with its reason if it has one', async () => {
    await expect(rights.require(context, 'hotel', 'read', 'events')).rejects.toMatchObject({
      message: 'You may not read events here. Events hold names of guests.',
    });
    await expect(rights.require(context, 'hotel', 'read', 'runs')).rejects.toMatchObject({
      message: 'You may not read runs here. A rule of the workspace forbids it.',
    });
  });
});
