import { SqliteKeyValue } from '@millrace/messaging';
import { SystemClock } from '@millrace/service';
import { describe, expect, it } from '@jest/globals';
import { AesSeal } from './aes-seal';

const keyValue = (): SqliteKeyValue => new SqliteKeyValue({ file: ':memory:', clock: new SystemClock() });
const openOn = async (store: SqliteKeyValue): Promise<AesSeal> => AesSeal.open(await store.bucket('seals'));

describe('a sealed text', () => {
  it('opens beside the binding it was sealed with, at every gateway', async () => {
    const shared = keyValue();
    const [one, other] = await Promise.all([openOn(shared), openOn(shared)]);
    const sealed = one.seal('5 7 9', 'ada asks');
    expect(other.open(sealed, 'ada asks')).toBe('5 7 9');
    expect(other.open(sealed, 'eve asks')).toBeUndefined();
    await shared.close();
  });

  it('tells nothing, never looks the same, and cannot be changed', async () => {
    const shared = keyValue();
    const seal = await openOn(shared);
    const sealed = seal.seal('1234567890', 'b');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('12345');
    expect(seal.seal('1234567890', 'b')).not.toBe(sealed);
    const bytes = Buffer.from(sealed, 'base64url');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(seal.open(bytes.toString('base64url'), 'b')).toBeUndefined();
    await shared.close();
  });

  it.each(['', 'x', 'a'.repeat(60), '!!!'])('is not %j', async (text) => {
    const shared = keyValue();
    expect((await openOn(shared)).open(text, 'b')).toBeUndefined();
    await shared.close();
  });

  it('of another platform does not open', async () => {
    const [one, other] = [keyValue(), keyValue()];
    const sealed = (await openOn(one)).seal('text', 'b');
    expect((await openOn(other)).open(sealed, 'b')).toBeUndefined();
    await Promise.all([one.close(), other.close()]);
  });

  it('that was sealed with a secret opens with that secret only', async () => {
    const shared = keyValue();
    const seal = await openOn(shared);
    const sealed = seal.with('a secret').seal('text', 'b');
    expect((await openOn(shared)).with('a secret').open(sealed, 'b')).toBe('text');
    expect(seal.open(sealed, 'b')).toBeUndefined();
    expect(seal.with('another').open(sealed, 'b')).toBeUndefined();
    await shared.close();
  });
});
