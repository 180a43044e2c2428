import { describe, expect, it } from '@jest/globals';
import { hashPassword, isPassword, newPassword } from './passwords';

describe('a password', () => {
  it('is known by its hash, in any way of writing the same letters', async () => {
    const hash = await hashPassword('caf\u00e9 au lac');
    expect(await isPassword('cafe\u0301 au lac', hash)).toBe(true);
    expect(await isPassword('cafe au lac', hash)).toBe(false);
    expect(hash).not.toContain('lac');
  });

  it('has another hash each time', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('is never right where there is none', async () => {
    expect(await isPassword('', undefined)).toBe(false);
  });

  it('that is made up is long, readable and new', () => {
    expect(newPassword()).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
    expect(newPassword()).not.toBe(newPassword());
  });
});
