import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { typed } from '../../testing/typed';

const folder = fileURLToPath(new URL('../../../../examples', import.meta.url));

describe('the apps among the examples', () => {
  it.each(['apps/digest', 'apps/http-tools'])('are sound, and do what their flow tests say: %s', async (app) => {
    const { code, notes } = await typed(['test', app], { folder });
    expect([code, notes]).toEqual([0, expect.stringContaining(' 0 failed.')]);
    expect(await typed(['check', app], { folder })).toMatchObject({ code: 0 });
  });
});
