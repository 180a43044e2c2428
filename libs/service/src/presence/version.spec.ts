import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { versionAt } from './version';

describe('the version of a program', () => {
  it('is that of the nearest package.json above it', () => {
    using folder = temporaryFolder();
    const deep = join(folder.path, 'dist', 'apps');
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(folder.path, 'package.json'), '{ "version": "1.2.3" }');
    expect(versionAt(deep)).toBe('1.2.3');
    writeFileSync(join(deep, 'package.json'), '{}');
    expect(versionAt(deep)).toBe('unknown');
  });

  it('is unknown where there is none', () => {
    expect(versionAt('/')).toBe('unknown');
  });
});
