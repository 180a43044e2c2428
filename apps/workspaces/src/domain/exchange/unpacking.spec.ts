import { describe, expect, it } from '@jest/globals';
import type { ArchiveLimits } from './limits';
import { rooted } from './rooted';
import { ArchiveTooLarge, Unpacking } from './unpacking';

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
      { path: 'b', content: 'two' },
      { path: 'a', content: 'one' },
    ]);
  });

  it('is a text, or below assets/ any bytes, wherever the root of the workspace is; other bytes are refused with the path in the archive', () => {
    const taken = (...entries: readonly (readonly [path: string, content: Uint8Array])[]): unknown => {
      const unpacking = new Unpacking(1_000, LIMITS);
      for (const [path, content] of entries) if (unpacking.admits(path)) unpacking.take(path, content);
      return unpacking.finish();
    };
    const picture = new Uint8Array([137, 80, 255]);
    expect(taken(['hotel/workspace.yaml', bytes('a')], ['hotel/assets/logo.png', picture], ['hotel/.DS_Store', picture])).toEqual([
      { path: 'workspace.yaml', content: 'a' },
      { path: 'assets/logo.png', content: picture },
    ]);
    expect(() => taken(['hotel/workspace.yaml', bytes('a')], ['hotel/logo.png', picture])).toThrow(
      '"hotel/logo.png": It is no text in UTF-8.',
    );
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
  const file = (path: string) => ({ path });

  it('is not looked into when it says itself that there is more of it than may be', () => {
    const unpacking = new Unpacking(1_000, LIMITS);
    unpacking.announce(3);
    expect(() => unpacking.announce(4)).toThrow(ArchiveTooLarge);
    expect(() => unpacking.finish()).toThrow('It holds more than 3 files.');
  });

  it('is the one folder that all files stand in, unless it is one of a workspace', () => {
    expect(rooted([file('hotel/a'), file('hotel/b/c')]).map(({ path }) => path)).toEqual(['a', 'b/c']);
    expect(rooted([file('automations/a')]).map(({ path }) => path)).toEqual(['automations/a']);
    expect(rooted([file('hotel/a'), file('b')]).map(({ path }) => path)).toEqual(['hotel/a', 'b']);
  });

  it('is nothing where there is only what systems leave behind', () => {
    expect(rooted([file('__MACOSX/._a'), file('.DS_Store')])).toEqual([]);
  });
});
