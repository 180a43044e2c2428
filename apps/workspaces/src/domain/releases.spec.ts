import { describe, expect, it } from '@jest/globals';
import { activeVersion, countChanges, nextNumber, noReleases, parseTree, publish, treeText, type Releases, type Version } from './releases';

const version = (number: number): Version => ({
  id: `ver_${number}`,
  number,
  message: '',
  digest: `d${number}`,
  author: 'ada',
  publishedAt: number,
  changes: 1,
});

const published = (count: number): Releases =>
  Array.from({ length: count }, (_, index) => version(index + 1)).reduce<Releases>(publish, noReleases('ws_1'));

describe('releases', () => {
  it('have no active version at first, and number from 1', () => {
    expect(activeVersion(noReleases('ws_1'))).toBeUndefined();
    expect(nextNumber(noReleases('ws_1'))).toBe(1);
  });

  it('run what was published last', () => {
    const releases = published(2);
    expect(activeVersion(releases)).toEqual(version(2));
    expect(nextNumber(releases)).toBe(3);
  });

  it('keep the last 200 versions and go on counting', () => {
    const releases = published(205);
    expect(releases.versions).toHaveLength(200);
    expect(releases.versions[0]?.number).toBe(6);
    expect(nextNumber(releases)).toBe(206);
  });
});

describe('a tree', () => {
  const tree = [
    { path: 'automations/b c.yaml', digest: 'b', size: 2 },
    { path: 'automations/a.yaml', digest: 'a', size: 1 },
  ];

  it('has the same text whatever the order of its files', () => {
    expect(treeText(tree)).toBe(treeText([...tree].reverse()));
  });

  it('is read as it was written', () => {
    expect(parseTree(treeText(tree))).toEqual([...tree].reverse());
    expect(parseTree('')).toEqual([]);
  });

  it('differs from another by files added, changed and removed', () => {
    expect(countChanges(tree, tree)).toBe(0);
    const after = [
      { path: 'automations/a.yaml', digest: 'other', size: 1 },
      { path: 'automations/new.yaml', digest: 'n', size: 1 },
    ];
    expect(countChanges(tree, after)).toBe(3);
  });
});
