import { describe, expect, it } from '@jest/globals';
import { used, type Secret } from './secret';

const DAY = 86_400_000;
const secret: Secret = {
  ...{ workspaceId: 'ws_1', name: 'TOKEN', description: '', version: 1, sealed: 's', setBy: 'ada', setAt: 0 },
};

describe('a secret that was used', () => {
  it('says on which day, and is the same for the rest of it', () => {
    const once = used(secret, 3 * DAY + 5);
    expect(once.usedAt).toBe(3 * DAY);
    expect(used(once, 4 * DAY - 1)).toBe(once);
    expect(used(once, 4 * DAY).usedAt).toBe(4 * DAY);
  });
});
