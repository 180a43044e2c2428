import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RolloutService } from '@millrace/contracts';
import { serviceBench } from '@millrace/testing';
import { KeyValueRuntimes } from '../../../infrastructure/key-value-runtimes';
import { Stage } from '../../../../testing/stage';

const { getRollout } = RolloutService.method;

describe('the rollout of a version', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open(serviceBench);
  });

  afterAll(() => stage[Symbol.asyncDispose]());

  const rollout = async (workspaceId: string, who = 'vera') => (await stage.call(getRollout, { workspaceId }, who)).rollout;

  it('is settled once every runtime has heard of it', async () => {
    const workspaceId = await stage.workspace({ a: 'do: []\n' });
    await stage.eventually(async () => (await rollout(workspaceId))?.settled === true);
    const before = await rollout(workspaceId);
    expect(before).toMatchObject({ digest: expect.stringMatching(/./), instances: [{ digest: before?.digest, behind: false }] });
    await stage.publish(workspaceId, { a: 'do: []\noutput: 1\n' });
    await stage.eventually(async () => (await rollout(workspaceId))?.settled === true);
    expect((await rollout(workspaceId))?.digest).not.toBe(before?.digest);
  });

  it('is not settled while a runtime is behind, and names it', async () => {
    const workspaceId = await stage.workspace({ a: 'do: []\n' });
    const runtimes = await KeyValueRuntimes.open(stage.bench.platform.keyValue);
    await runtimes.announce({ instance: 'rt_slow', seen: 0, startedAt: 0 });
    const shown = await rollout(workspaceId);
    expect(shown?.settled).toBe(false);
    expect(shown?.instances.find(({ instance }) => instance === 'rt_slow')).toMatchObject({ behind: true, digest: '' });
    await runtimes.withdraw('rt_slow');
    await stage.eventually(async () => (await rollout(workspaceId))?.settled === true);
  });

  it('is shown to who may read automations, and to nobody else', async () => {
    const workspaceId = await stage.workspace({ a: 'do: []\n' });
    await expect(rollout(workspaceId, 'mallory')).rejects.toMatchObject({ code: 'workspaces.not_found' });
  });
});
