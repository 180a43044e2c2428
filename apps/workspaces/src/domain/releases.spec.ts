import { describe, expect, it } from '@jest/globals';
import {
  activate,
  activeVersion,
  addVersion,
  countChanges,
  getVersion,
  nameVersion,
  nextNumber,
  noReleases,
  parseTree,
  removeVersion,
  treeText,
  unchangedVersion,
  type Releases,
  type Version,
} from './releases';

const version = (number: number): Version => ({
  id: `ver_${number}`,
  number,
  message: '',
  digest: `d${number}`,
  author: 'ada',
  publishedAt: number,
  changes: 1,
});

const ada = { by: 'ada', at: 7 };
const bob = { by: 'bob', at: 9 };

const publish = (releases: Releases, made: Version): Releases => activate(addVersion(releases, made), made);

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

  it('keep an old version that runs or has a name, however many come after it', () => {
    const start = nameVersion(published(3), version(2), 'stable', ada);
    const rolledBack = activate(start, version(1));
    const later = Array.from({ length: 300 }, (_, index) => version(index + 4)).reduce(addVersion, rolledBack);
    expect(later.versions.slice(0, 3).map(({ number }) => number)).toEqual([1, 2, 104]);
    expect(activeVersion(later)).toEqual(version(1));
    const stable = getVersion(later, '2');
    expect(stable).toEqual({ ...version(2), name: 'stable', revision: 2, updatedBy: 'ada', updatedAt: 7 });
    expect(nameVersion(later, stable, '', bob).versions[1]).toEqual({ ...version(2), revision: 3, updatedBy: 'bob', updatedAt: 9 });
    expect([nameVersion(later, stable, 'stable', bob), nameVersion(later, version(1), '', bob)]).toEqual([later, later]);
  });

  it('find a version by id and by number, and say so when there is none', () => {
    expect([getVersion(published(2), 'ver_1'), getVersion(published(2), '2')]).toEqual([version(1), version(2)]);
    expect(() => getVersion(published(2), '3')).toThrow(expect.objectContaining({ code: 'workspaces.version_not_found' }));
  });

  it('never give the number of a version that was deleted to another', () => {
    const releases = removeVersion(activate(published(3), version(1)), version(3));
    expect(releases.versions.map(({ number }) => number)).toEqual([1, 2]);
    expect(nextNumber(releases)).toBe(4);
  });

  it('refuse to delete the version that runs, and one with a name', () => {
    const releases = nameVersion(published(2), version(1), 'stable', ada);
    for (const name of ['1', '2']) {
      expect(() => removeVersion(releases, getVersion(releases, name))).toThrow(
        expect.objectContaining({ code: 'workspaces.version_in_use' }),
      );
    }
  });

  it('know the version that runs and the newest by their trees', () => {
    const releases = activate(published(3), version(1));
    expect([unchangedVersion(releases, 'd1')?.number, unchangedVersion(releases, 'd3')?.number]).toEqual([1, 3]);
    expect(unchangedVersion(releases, 'd2')).toBeUndefined();
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
