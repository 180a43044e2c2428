import { describe, expect, it } from '@jest/globals';
import { handOver, offer } from './transfer';
import { bereave, createWorkspace } from './workspace';

describe('a workspace whose owner has left', () => {
  const workspace = bereave(createWorkspace('ws_1', 'ada', { name: 'Hotel' }, 1), undefined, 2);

  it('goes on with whoever takes it', () => {
    expect(workspace).toMatchObject({ state: 'suspended', owner: '' });
    const taken = handOver(offer(workspace, 'mem_1', { by: 'root', at: 3 }), 'mem_1', { by: 'bob', at: 4 });
    expect([taken.state, taken.owner, taken.updatedBy, taken.transfer]).toEqual(['active', 'bob', 'bob', undefined]);
  });
});
