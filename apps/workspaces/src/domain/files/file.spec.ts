import { describe, expect, it } from '@jest/globals';
import { createFile, type WorkspaceFile } from './file';
import { addLink, claimsText, readClaims, type FileLink } from './link';

const CONTENT = { ref: 'r', size: 1, sha256: 's', type: 'text/plain' };
const file = (name: string): WorkspaceFile =>
  createFile({ ...CONTENT, id: 'fil_1', workspaceId: 'ws_1', name, owner: 'ada' }, {}, { by: 'ada', at: 1 });

describe('the name of a file', () => {
  it.each([
    ['/etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\cv.pdf', 'cv.pdf'],
    ['a\nb/c\u202e.txt', 'c.txt'],
    ['..', 'file'],
    ['a/.', 'file'],
    ['a/', 'file'],
    ['  plain.txt ', 'plain.txt'],
  ])('%j is kept as %j: it leads nowhere', (name, kept) => {
    expect(file(name).name).toBe(kept);
  });
});

describe('the links of a file', () => {
  const link = (number: number, expiresAt: number): FileLink => ({ id: `lnk_${number}`, createdAt: 1, createdBy: 'ada', expiresAt });

  it('are a hundred at most, and those that are over make room', () => {
    const full = Array.from({ length: 100 }, (_, index) => link(index, index === 0 ? 5 : 100)).reduce(addLink, file('a'));
    expect(() => addLink(full, link(100, 100))).toThrow(expect.objectContaining({ code: 'workspaces.too_many_links' }));
    const later = addLink(full, { ...link(100, 100), createdAt: 5 });
    expect(later.links.map(({ id }) => id)).not.toContain('lnk_0');
    expect(later.links).toHaveLength(100);
  });

  it('are read from what was signed of them, and from nothing else', () => {
    const claims = { file: `fil_${'a'.repeat(26)}`, link: `lnk_${'b'.repeat(26)}`, expiresAt: 1_800_000_000_000 };
    expect(readClaims(claimsText(claims))).toEqual(claims);
    for (const text of ['', 'fil_a.lnk_b.1', `${claimsText(claims)}.more`, claimsText({ ...claims, file: 'fil_' })]) {
      expect(readClaims(text)).toBeUndefined();
    }
  });
});
