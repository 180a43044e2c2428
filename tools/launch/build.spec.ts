import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintOf } from './build.mjs';

describe('whether sources need building', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-build-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src/main.ts'), 'start();');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives the same fingerprint for the same sources', () => {
    expect(fingerprintOf([folder])).toBe(fingerprintOf([folder]));
  });

  it('sees a changed, an added and a renamed file', () => {
    const prints = new Set([fingerprintOf([folder])]);
    writeFileSync(join(folder, 'src/main.ts'), 'stop();');
    prints.add(fingerprintOf([folder]));
    writeFileSync(join(folder, 'src/a.ts'), '');
    prints.add(fingerprintOf([folder]));
    rmSync(join(folder, 'src/a.ts'));
    writeFileSync(join(folder, 'src/b.ts'), '');
    prints.add(fingerprintOf([folder]));
    expect(prints.size).toBe(4);
  });

  it('does not count specs and roots that do not exist', () => {
    const before = fingerprintOf([folder]);
    writeFileSync(join(folder, 'src/main.spec.ts'), '');
    expect(fingerprintOf([folder, join(folder, 'missing')])).toBe(before);
  });
});
