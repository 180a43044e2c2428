import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MillraceClient } from '@millrace/client';
import {
  AppsService,
  ApprovalsService,
  DeadLettersService,
  EventTypesService,
  FilesService,
  GatewayService,
  InstancesService,
  KeysService,
  listingOf,
  MembersService,
  ReplaysService,
  RightsService,
  SecretsService,
  TokensService,
  TopicsService,
  WorkspacesService,
} from '@millrace/contracts';
import type { JsonMap } from '@millrace/kernel';
import { millraceUnderTest, type MillraceUnderTest } from '@millrace/testing';

const { createWorkspace, listAutomations, listVersions, listWorkspaces } = WorkspacesService.method;
const { createTopic, addTopicMembers, listTopicMembers, listTopics } = TopicsService.method;

/** Lists of a workspace that are there from the first moment on. */
const LISTS = [
  listAutomations,
  listVersions,
  listTopics,
  MembersService.method.listMembers,
  RightsService.method.listRoles,
  KeysService.method.listKeys,
  SecretsService.method.listSecrets,
  EventTypesService.method.listEventTypes,
  FilesService.method.listFiles,
  InstancesService.method.listInstances,
  ReplaysService.method.listReplays,
  ApprovalsService.method.listApprovals,
  DeadLettersService.method.listDeadLetters,
  DeadLettersService.method.listDeadLetterGroups,
] as unknown as readonly (typeof listAutomations)[];
const OF_NO_WORKSPACE = [
  listWorkspaces,
  TokensService.method.listTokens,
  GatewayService.method.listSessions,
  AppsService.method.listApps,
] as unknown as readonly (typeof listWorkspaces)[];

describe('lists, through the public door', () => {
  let millrace: MillraceUnderTest;
  let ada: MillraceClient;
  let workspaceId: string;

  beforeAll(async () => {
    millrace = await millraceUnderTest();
    ada = await millrace.as('ada');
    workspaceId = (await ada.call(createWorkspace, { name: 'Lists' }))['id'] as string;
  });

  afterAll(async () => {
    await millrace.stop();
  });

  it.each(LISTS)('%s are asked by each of the fields that it names, and say which these are', async (method) => {
    const { fields = [] } = listingOf(method) ?? {};
    for (const field of fields) await ada.call(method, { workspaceId, where: `${field} exists`, limit: 1 });
    await ada.call(method, { workspaceId, sort: `-${fields[0] ?? ''}` });
    const refused = { status: 422, code: 'lists.sort_invalid', message: expect.stringContaining(fields[0] ?? '?') };
    await expect(ada.call(method, { workspaceId, sort: 'shoe' })).rejects.toMatchObject(refused);
    await expect(ada.call(method, { workspaceId, where: 'shoe = 1' })).rejects.toMatchObject({ code: 'lists.filter_invalid' });
  });

  it.each(OF_NO_WORKSPACE)('%s are asked by each of the fields that it names', async (method) => {
    const { fields = [] } = listingOf(method) ?? {};
    for (const field of fields) await ada.call(method, { where: `${field} exists`, limit: 1 });
    await expect(ada.call(method, { sort: 'shoe' })).rejects.toMatchObject({ status: 422, code: 'lists.sort_invalid' });
  });

  it('lead from page to page in the order that was asked for, with the fields that were', async () => {
    for (const name of ['a', 'b', 'c'])
      await ada.call(createTopic, { workspaceId, name, description: `${name === 'b' ? 'x' : 'y'} ${name}` });
    await ada.call(addTopicMembers, { workspaceId, topic: 'a', users: ['u-1', 'u-2', 'v-1'] });
    const found: unknown[] = [];
    let cursor = '';
    do {
      const page = await ada.call(listTopics, { workspaceId, where: "description starts with 'y'", sort: '-name', limit: 1, cursor });
      found.push(...(page['items'] as readonly JsonMap[]).map(({ name }) => name));
      cursor = (page['nextCursor'] as string | undefined) ?? '';
    } while (cursor !== '');
    expect(found).toEqual(['c', 'a']);
    const members = await ada.call(listTopicMembers, { workspaceId, topic: 'a', where: "user starts with 'u'", sort: '-user' });
    expect((members['items'] as readonly JsonMap[]).map(({ user }) => user)).toEqual(['u-2', 'u-1']);
  });
});
