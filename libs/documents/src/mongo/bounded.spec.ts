import { describe, expect, it } from '@jest/globals';
import { bounded, within, type Guard } from './bounded';

const LATE = new Error('late');

class Asked {
  readonly name = 'offers';
  private words = '';

  sort(word: string): this {
    this.words += word;
    return this;
  }

  all(): Promise<string> {
    return Promise.resolve(this.words);
  }

  never(): Promise<string> {
    return new Promise(() => undefined);
  }

  failing(): Promise<string> {
    return Promise.reject(new Error('gone'));
  }
}

describe('what is asked of the driver', () => {
  const guard: Guard = (answer) => within(1, answer, () => LATE);
  const patient: Guard = (answer) => within(60_000, answer, () => LATE);

  it('is answered as it was, however many words lead to it', async () => {
    const asked = bounded(new Asked(), patient);
    expect(asked.name).toBe('offers');
    expect(await asked.sort('a').sort('b').all()).toBe('ab');
    await expect(asked.failing()).rejects.toThrow('gone');
  });

  it('is refused when it is never answered', async () => {
    await expect(bounded(new Asked(), guard).sort('a').never()).rejects.toBe(LATE);
  });
});
