import { describe, expect, it } from '@jest/globals';
import { dispositionOf } from './disposition';
import { spanOf } from './ranges';

const of = (range?: string, size = 10, condition?: string) =>
  spanOf({ ...(range === undefined ? {} : { range }), ...(condition === undefined ? {} : { 'if-range': condition }) }, size, '"a"');

describe('the part of a file that is asked for', () => {
  it('is from a byte, to a byte, or the last ones', () => {
    expect(of('bytes=0-0')).toEqual({ start: 0, end: 0 });
    expect(of('bytes=2-5')).toEqual({ start: 2, end: 5 });
    expect(of('bytes=2-')).toEqual({ start: 2, end: 9 });
    expect(of('bytes=2-99')).toEqual({ start: 2, end: 9 });
    expect(of('bytes=-3')).toEqual({ start: 7, end: 9 });
    expect(of('bytes=-99')).toEqual({ start: 0, end: 9 });
  });

  it('is none when there are no such bytes', () => {
    expect([of('bytes=10-'), of('bytes=-0'), of('bytes=0-', 0), of('bytes=-1', 0)]).toEqual(['none', 'none', 'none', 'none']);
  });

  it('is all when nothing else can be told', () => {
    for (const range of [undefined, '', 'bytes=-', 'bytes=a-b', 'bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=0-1;']) {
      expect(of(range)).toBeUndefined();
    }
  });

  it('is all when it is a part of what is not there any more', () => {
    expect(of('bytes=1-2', 10, '"a"')).toEqual({ start: 1, end: 2 });
    for (const condition of ['"b"', 'W/"a"', 'Wed, 21 Oct 2015 07:28:00 GMT']) expect(of('bytes=1-2', 10, condition)).toBeUndefined();
  });
});

describe('how a file is to be taken', () => {
  it('is kept unless it may be shown, and shown only when it holds no script', () => {
    expect(dispositionOf('a.png', 'image/png', false)).toBe('attachment; filename="a.png"');
    for (const type of ['image/png', 'application/pdf', 'text/plain']) expect(dispositionOf('a', type, true)).toBe('inline; filename="a"');
    for (const type of ['image/svg+xml', 'text/html', 'application/xhtml+xml', 'application/json', 'image/png, text/html']) {
      expect(dispositionOf('a', type, true)).toMatch(/^attachment;/);
    }
  });

  it('has its name, whatever stands in it', () => {
    expect(dispositionOf('Zoë "x"\\.pdf', 'a/b', false)).toBe(
      `attachment; filename="Zo_ _x__.pdf"; filename*=UTF-8''Zo%C3%AB%20%22x%22%5C.pdf`,
    );
    expect(dispositionOf("it's (1)*.txt", 'a/b', false)).toBe(`attachment; filename="it's (1)*.txt"`);
    expect(dispositionOf('100%é', 'a/b', false)).toBe(`attachment; filename="100__"; filename*=UTF-8''100%25%C3%A9`);
  });
});
