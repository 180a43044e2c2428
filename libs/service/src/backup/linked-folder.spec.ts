import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { LinkedFolder } from './linked-folder';

/** A file system of Linux that takes no links. */
const ELSEWHERE = '/proc/sys/kernel/random';

describe('a folder whose files are held', () => {
  const put = (folder: string, path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, 'new'), text);
    renameSync(join(folder, 'new'), join(folder, path));
  };

  it('is copied as it was when it was looked at last, whatever came, went or was replaced', async () => {
    using folder = temporaryFolder();
    const [files, links, copy] = ['files', 'links', 'copy'].map((name) => join(folder.path, name)) as [string, string, string];
    for (const path of ['a', 'b/c', 'b/d']) put(files, path, `first ${path}`);
    const held = new LinkedFolder(files, links);
    held.follow();
    put(files, 'a', 'second a');
    put(files, 'e', 'first e');
    rmSync(join(files, 'b/c'));
    held.follow();
    put(files, 'a', 'third a');
    rmSync(join(files, 'b'), { recursive: true });
    expect(await held.copyTo(copy)).toEqual({ files: 3, bytes: 'second afirst b/dfirst e'.length });
    const texts = ['a', 'b/d', 'e'].map((path) => readFileSync(join(copy, path), 'utf8'));
    expect(texts).toEqual(['second a', 'first b/d', 'first e']);
    expect(readdirSync(join(copy, 'b'))).toEqual(['d']);
    held.clear();
    expect(readdirSync(folder.path).toSorted()).toEqual(['copy', 'files']);
  });

  it('may be missing, and must be where links can be', () => {
    using folder = temporaryFolder();
    const links = join(folder.path, 'links');
    new LinkedFolder(join(folder.path, 'none'), links).follow();
    expect(() => new LinkedFolder(ELSEWHERE, links).follow()).toThrow(
      expect.objectContaining({ code: 'backup.cannot_link', message: expect.stringContaining('EXDEV') }),
    );
  });
});
