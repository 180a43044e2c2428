import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { TestFolder } from '../../testing/folder';
import { commitOf } from './commit';

const SHA = '0123456789abcdef0123456789abcdef01234567';

describe('the commit that is checked out', () => {
  it.each([
    ['of a branch', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${SHA}\n` }],
    ['of a branch that is packed', { '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': `# pack-refs\n${SHA} refs/heads/main\n` }],
    ['of no branch', { '.git/HEAD': `${SHA}\n` }],
  ])('is found: one %s', (_, files) => {
    using folder = new TestFolder({ ...files, 'hotel/workspace.yaml': 'name: hotel\n' });
    expect(commitOf(join(folder.path, 'hotel'))).toBe(SHA);
  });

  it('is not made up where there is none', () => {
    using folder = new TestFolder({ '.git/HEAD': 'ref: refs/heads/unborn\n' });
    expect(commitOf(folder.path)).toBeUndefined();
  });
});
