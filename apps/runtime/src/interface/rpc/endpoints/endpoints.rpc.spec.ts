import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EndpointsService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { Stage } from '../../../../testing/stage';

const { listEndpoints, getEndpointsDocument } = EndpointsService.method;
const OPEN = 'when: { endpoint: { access: public, methods: [get] } }\ndo: []\n';

describe('the endpoints of a workspace', () => {
  let stage: Stage;
  let workspaceId: string;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
    workspaceId = await stage.workspace({ a: OPEN, b: OPEN, c: 'do: []\n' });
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const listed = async (who: string, more = {}) => stage.call(listEndpoints, { workspaceId, ...more }, who);
  const paths = async (who: string): Promise<readonly string[]> => {
    const { document } = await stage.call(getEndpointsDocument, { workspaceId }, who);
    return Object.keys((JSON.parse(Buffer.from(document).toString('utf8')) as { paths: object }).paths);
  };

  it('are shown to who may read automations, page by page', async () => {
    await stage.eventually(async () => (await listed('vera')).items.length === 2);
    const { items, nextCursor } = await listed('vera', { limit: 1 });
    expect(items).toMatchObject([{ automation: 'a', methods: ['GET'], access: 'public', signature: '' }]);
    expect((await listed('vera', { limit: 1, cursor: nextCursor })).items).toMatchObject([{ automation: 'b' }]);
    expect((await listed('vera', { where: "path = 'b'" })).items).toMatchObject([{ automation: 'b' }]);
    expect(await paths('vera')).toEqual(['/a', '/b']);
  });

  it('are only those of automations that the caller may read', async () => {
    stage.grant('nina', [{ allow: ['read'], on: ['automations'], where: "slug = 'b'" }]);
    expect((await listed('nina')).items).toMatchObject([{ automation: 'b' }]);
    expect(await paths('nina')).toEqual(['/b']);
  });

  it('are shown to no stranger', async () => {
    await expect(listed('mallory')).rejects.toMatchObject({ code: 'workspaces.not_found' });
    await expect(paths('mallory')).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });
});
