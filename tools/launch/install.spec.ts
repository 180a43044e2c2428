import { describe, expect, it } from '@jest/globals';
import { isInstalled } from './install.mjs';

const lock = {
  packages: {
    '': {},
    'node_modules/yaml': { version: '2.9.1', integrity: 'sha512-a' },
    'node_modules/other-machine': { version: '1.0.0', integrity: 'sha512-b', optional: true },
  },
};
const yaml = (version: string, integrity = 'sha512-a') => ({ packages: { 'node_modules/yaml': { version, integrity } } });

describe('whether packages need installing', () => {
  it('needs them in a fresh clone and after an interrupted installation', () => {
    expect(isInstalled(lock, undefined)).toBe(false);
  });

  it('does not need them when all that are not optional are there', () => {
    expect(isInstalled(lock, yaml('2.9.1'))).toBe(true);
  });

  it('needs them when the lock names another version, other bytes or one more package', () => {
    expect(isInstalled(lock, yaml('2.9.0'))).toBe(false);
    expect(isInstalled(lock, yaml('2.9.1', 'sha512-z'))).toBe(false);
    expect(isInstalled(lock, { packages: {} })).toBe(false);
  });
});
