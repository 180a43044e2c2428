import { describe, expect, it } from '@jest/globals';
import { drifted, type Digests } from './three-trees';

/** A tree with one file, or none. */
const tree = (digest?: string): Digests => new Map(digest === undefined ? [] : [['a', digest]]);

describe('what a server has otherwise than a folder last saw it', () => {
  it.each([
    ['nobody changed it', '1', '1', '1', undefined],
    ['only the folder did', '1', '1', '2', undefined],
    ['only the folder removed it', '1', '1', undefined, undefined],
    ['only the server did', '1', '2', '1', 'drift'],
    ['only the server removed it', '1', undefined, '1', 'drift'],
    ['only the server made it', undefined, '1', undefined, 'drift'],
    ['both did the same', '1', '2', '2', undefined],
    ['both made the same', undefined, '1', '1', undefined],
    ['both removed it', '1', undefined, undefined, undefined],
    ['both did, each in its way', '1', '2', '3', 'conflict'],
    ['both made it, each in its way', undefined, '1', '2', 'conflict'],
    ['the server changed what the folder removed', '1', '2', undefined, 'conflict'],
    ['the server removed what the folder changed', '1', undefined, '2', 'conflict'],
  ])('is told when %s', (_, base, theirs, mine, what) => {
    const found = drifted(tree(base), tree(theirs), tree(mine));
    expect(found).toEqual(what === undefined ? [] : [{ path: 'a', conflict: what === 'conflict' }]);
  });
});
