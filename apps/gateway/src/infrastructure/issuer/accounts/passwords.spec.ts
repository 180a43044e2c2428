import { describe, expect, it } from '@jest/globals';
import { newPassword, Passwords } from './passwords';

const passwords = new Passwords(10);

describe('a password', () => {
  it('is known by its hash, in any way of writing the same letters', async () => {
    const hash = await passwords.hash('caf\u00e9 au lac');
    expect(await passwords.isRight('cafe\u0301 au lac', hash)).toBe(true);
    expect(await passwords.isRight('cafe au lac', hash)).toBe(false);
    expect(hash).not.toContain('lac');
  });

  it('is known by a hash of another cost', async () => {
    expect(await passwords.isRight('mill', await new Passwords(11).hash('mill'))).toBe(true);
    expect(await new Passwords().isRight('mill', await passwords.hash('mill'))).toBe(true);
  });

  it('has another hash each time', async () => {
    expect(await passwords.hash('same')).not.toBe(await passwords.hash('same'));
  });

  it('is never right where there is none', async () => {
    expect(await passwords.isRight('', undefined)).toBe(false);
  });

  it('that is made up is long, readable and new', () => {
    expect(newPassword()).toMatch(/^([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/);
    expect(newPassword()).not.toBe(newPassword());
  });
});
