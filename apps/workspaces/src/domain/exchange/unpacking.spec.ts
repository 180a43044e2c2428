import { describe, expect, it } from '@jest/globals';
import { rooted } from './rooted';
import { Unpacking, type ArchiveLimits } from './unpacking';

const LIMITS: ArchiveLimits = { files: 3, bytes: 40, file: 10, ratio: 100, always: 40 };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What is said of an archive with these files. */
function unpacked(entries: readonly (readonly [path: string, text: string])[]): unknown {
  const unpacking = new Unpacking(1_000, LIMITS);
  for (const [path, text] of entries) if (unpacking.admits(path)) unpacking.take(path, bytes(text));
  try {
    return unpacking.finish();
  } catch (error) {
    const { message, errors } = error as { message: string; errors: readonly { pointer: string; code: string }[] };
    return { message, errors: errors.map(({ pointer, code }) => `${pointer} ${code}`) };
  }
}

describe('what comes out of an archive', () => {
  it('is taken in its order', () => {
    expect(
      unpacked([
        ['b', 'two'],
        ['a', 'one'],
      ]),
    ).toEqual([
      { path: 'b', text: 'two' },
      { path: 'a', text: 'one' },
    ]);
  });

  it('is refused when one file has more bytes than it may, text or not', () => {
    expect(unpacked([['long', 'x'.repeat(11)]])).toEqual({
      message: 'Nothing was imported. "long": It has more than 10 bytes. Mend the archive and send it again.',
      errors: ['/files/long too_large'],
    });
  });

  it('is refused when a path is longer than a workspace takes, and the report shortens it', () => {
    const long = 'x'.repeat(300);
    expect(unpacked([[long, 'x']])).toMatchObject({ errors: [`/files/${'x'.repeat(200)} path`] });
  });

  it('names the first file at fault, and how many more there are', () => {
    expect(
      unpacked([
        ['../a', 'x'],
        ['../b', 'x'],
        ['../c', 'x'],
      ]),
    ).toMatchObject({ message: expect.stringContaining('"../a": Its path leads out'), errors: { length: 3 } });
    expect(
      unpacked([
        ['../a', 'x'],
        ['../b', 'x'],
        ['../c', 'x'],
      ]),
    ).toMatchObject({ message: expect.stringContaining('(and 2 more)') });
  });

  it('is not read on when there is more of it than may be, and says so of the archive as a whole', () => {
    const unpacking = new Unpacking(1_000, LIMITS);
    unpacking.charge(40);
    expect(() => unpacking.charge(1)).toThrow('more than 40 bytes together');
    expect(() => unpacking.finish()).toThrow('Nothing was imported. the archive: Its files have more than 40 bytes together.');
  });
});

describe('the root of an archive', () => {
  const file = (path: string) => ({ path, text: '' });

  it('is the one folder that all files stand in, unless it is one of a workspace', () => {
    expect(rooted([file('hotel/a'), file('hotel/b/c')]).map(({ path }) => path)).toEqual(['a', 'b/c']);
    expect(rooted([file('automations/a')]).map(({ path }) => path)).toEqual(['automations/a']);
    expect(rooted([file('hotel/a'), file('b')]).map(({ path }) => path)).toEqual(['hotel/a', 'b']);
  });

  it('is nothing where there is only what systems leave behind', () => {
    expect(rooted([file('__MACOSX/._a'), file('.DS_Store')])).toEqual([]);
  });
});
