import { describe, expect, it } from '@jest/globals';
import { NodeModules } from './node-modules';

const modules = new NodeModules();

describe('the module crypto', () => {
  it('signs as everybody does', () => {
    const asked = { key: 'Jefe', text: 'what do ya want for nothing?' };
    expect(modules.run('crypto', 'hmac', asked)).toEqual({
      value: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    });
    expect(modules.run('crypto', 'hmac', { ...asked, algorithm: 'sha1' })).toEqual({ value: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79' });
  });

  it('hashes as everybody does', () => {
    const hex = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(modules.run('crypto', 'hash', { text: 'abc' })).toEqual({ value: hex });
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    expect(modules.run('crypto', 'hash', { text: 'abc', encoding: 'base64' })).toEqual({ value: base64 });
  });

  it.each([
    ['crypto', 'hmac', { text: 'a' }, 'language.argument_type'],
    ['crypto', 'hmac', { text: 'a', key: '' }, 'language.argument_type'],
    ['crypto', 'hash', {}, 'language.argument_type'],
    ['crypto', 'hash', { text: 'a', algorithm: 'md5' }, 'language.argument_type'],
    ['crypto', 'hash', { text: 'a', algorithm: 'constructor' }, 'language.argument_type'],
    ['crypto', 'hash', { text: 'a', encoding: 'utf8' }, 'language.argument_type'],
    ['crypto', 'encrypt', { text: 'a' }, 'runtime.effect_unsupported'],
    ['text', 'hash', { text: 'a' }, 'runtime.effect_unsupported'],
  ])('refuses %s.%s of %j', (module, name, parameters, code) => {
    expect(modules.run(module, name, parameters)).toMatchObject({ error: { code } });
  });
});
