import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../domain/run';
import { Progress } from './progress';

describe('a run as a checkpoint left it', () => {
  it('may have been about to be parked: its end ends what is kept for parked runs', () => {
    const begun = new Progress({ id: 'run_1', workspaceId: 'ws_1' } as Run);
    expect(begun.holds).toBe(false);
    const { holds, ...checkpoint } = begun.checkpoint({ status: 'running', lease: { owner: 'one', until: 1 } });
    expect(holds).toBeUndefined();
    expect(Progress.of(checkpoint, 1).holds).toBe(true);
  });
});
