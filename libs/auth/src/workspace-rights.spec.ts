import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkspacesService } from '@millrace/contracts';
import { Clock, type Principal } from '@millrace/kernel';
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
let context: CallContext;

beforeEach(async () => {
  const clock = new SetClock();
  keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  wire = new LocalHub().connect();
  await wire.serve('call.millrace.workspaces.v1.GetGrants', 'workspaces', {
    request: async ({ body }) => {
      const { workspaceId } = fromBinary(input, body);
      return {
        body: toBinary(output, create(output, { workspaceId: 'ws_1', slug: workspaceId, roles: ['desk'], grants: GRANTS })),
        headers: {},
      };
    },
  });
  const passports = await SignedPassports.create({ service: 'gateway', keyValue, clock });
  rights = new WorkspaceRights(new Bus(wire, passports, clock), clock);
  context = { principal: ada, correlationId: 'story', deadline: START + 5_000 };
});

afterEach(async () => {
  await wire.close();
  await keyValue.close();
});

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
