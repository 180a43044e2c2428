import { describe, expect, it } from '@jest/globals';
import { SqliteKeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { AesCursorSeal } from './aes-cursor-seal';

const keyValue = (): SqliteKeyValue => new SqliteKeyValue({ file: ':memory:', clock: new SystemClock() });

describe('sealed cursors', () => {
  it('open beside the binding they were sealed with, in every instance', async () => {
    const shared = keyValue();
    const [one, other] = await Promise.all([AesCursorSeal.open(shared), AesCursorSeal.open(shared)]);
    const sealed = one.seal('5 7 9', 'ada asks');
    expect(other.open(sealed, 'ada asks')).toBe('5 7 9');
    expect(other.open(sealed, 'eve asks')).toBeUndefined();
    await shared.close();
  });

  it('tell nothing, never look the same, and cannot be changed', async () => {
    const shared = keyValue();
    const seal = await AesCursorSeal.open(shared);
    const sealed = seal.seal('1234567890', 'b');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('12345');
    expect(seal.seal('1234567890', 'b')).not.toBe(sealed);
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(seal.open(bytes.toString('base64url'), 'b')).toBeUndefined();
    await shared.close();
  });

  it.each(['', 'x', 'a'.repeat(60), '!!!'])('do not open from %j', async (text) => {
    const shared = keyValue();
    expect((await AesCursorSeal.open(shared)).open(text, 'b')).toBeUndefined();
    await shared.close();
  });

  it('of another platform do not open', async () => {
    const [one, other] = [keyValue(), keyValue()];
    const sealed = (await AesCursorSeal.open(one)).seal('text', 'b');
    expect((await AesCursorSeal.open(other)).open(sealed, 'b')).toBeUndefined();
    await Promise.all([one.close(), other.close()]);
  });
});
