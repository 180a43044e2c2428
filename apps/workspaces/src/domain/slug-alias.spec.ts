import { describe, expect, it } from '@jest/globals';
import { aliasOf, answers } from './slug-alias';

const DAY = 86_400_000;

describe('a slug that a workspace had', () => {
  it('answers for 90 days, and not a moment longer', () => {
    const alias = aliasOf({ id: 'ws_1', slug: 'old' }, 1_000);
    expect(alias).toEqual({ slug: 'old', workspaceId: 'ws_1', until: 1_000 + 90 * DAY });
    expect([0, 90 * DAY - 1, 90 * DAY].map((later) => answers(alias, 1_000 + later))).toEqual([true, true, false]);
  });
});
