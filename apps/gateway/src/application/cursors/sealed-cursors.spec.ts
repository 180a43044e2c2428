import { SqliteKeyValue } from '@millrace/messaging';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../../testing/refusal-of';
import { AesSeal } from '../../infrastructure/sealing/aes-seal';
import { SealedCursors } from './sealed-cursors';

const DAY = 86_400_000;

describe('a cursor', () => {
  const clock = { time: 1_800_000_000_000, now: () => clock.time };
  const keyValue = new SqliteKeyValue({ file: ':memory:', clock });
  let cursors: SealedCursors;

  beforeAll(async () => {
    cursors = new SealedCursors(await AesSeal.open(await keyValue.bucket('cursors')), clock);
  });

  afterAll(async () => {
    await keyValue.close();
  });

  it.each(['7', 'orders/a b', 'two\nlines', ''])('leads back to where the page ended: %j', (mark) => {
    expect(cursors.open(cursors.seal(mark, 'anna lists'), 'anna lists')).toBe(mark);
  });

  it('leads nowhere for another caller or list, when it was changed, and after 24 hours', () => {
    const sealed = cursors.seal('7', 'anna lists');
    const invalid = { code: 'api.cursor_invalid', refusal: 'invalid', errors: [{ pointer: '/cursor' }] };
    expect(refusalOf(() => cursors.open(sealed, 'bob lists'))).toMatchObject(invalid);
    for (const text of [`x${sealed}`, sealed.slice(1), '7', '', '1800000000001 7'])
      expect(refusalOf(() => cursors.open(text, 'anna lists'))).toMatchObject(invalid);
    clock.time += DAY - 1;
    expect(cursors.open(sealed, 'anna lists')).toBe('7');
    clock.time += 1;
    expect(refusalOf(() => cursors.open(sealed, 'anna lists'))).toMatchObject(invalid);
  });
});
