import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Credential } from './credential';

const ID = '01j0zf3v8m4k7q2w9x5y6tbcde';
const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);

describe('a credential', () => {
  it.each([
    ['key', `key_${ID}`, 'mrk'],
    ['token', `tok_${ID}`, 'mrp'],
  ] as const)('of the kind %s is read as it was written', (kind, id, prefix) => {
    const text = Credential.write(kind, id, bytes(7));
    expect(text).toMatch(new RegExp(`^${prefix}_${ID}_[0-9a-z]{57}$`));
    expect(text.startsWith(Credential.prefixOf(kind, id))).toBe(true);
    expect(Credential.read(text)).toMatchObject({ kind, id, digest: hash('sha256', text, 'base64url') });
  });

  it('is as long for the smallest secret as for the largest', () => {
    const lengths = [0, 255].map((fill) => Credential.write('key', `key_${ID}`, bytes(fill)).length);
    expect(new Set(lengths).size).toBe(1);
  });

  it('is not read with one letter changed, added or left out', () => {
    const text = Credential.write('key', `key_${ID}`, bytes(7));
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === '5' ? '6' : '5';
      expect(Credential.read(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }
    expect(Credential.read(`${text}0`)).toBeUndefined();
    expect(Credential.read(text.slice(0, -1))).toBeUndefined();
    expect(Credential.read(text.toUpperCase())).toBeUndefined();
    expect(Credential.read(` ${text}`)).toBeUndefined();
  });

  it('is known by how it begins, good or not', () => {
    expect(['mrk_x', 'mrp_', 'mrk', 'Bearer mrk_x', 'ghp_x'].map((text) => Credential.isMeantBy(text))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
