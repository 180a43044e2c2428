import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { arriving, arrivingWhole } from './arriving';

const tooLarge = () => new Error('too large');

describe('a body that arrives', () => {
  it('is what was sent, up to the most', async () => {
    const source = new PassThrough();
    source.end(Buffer.alloc(10, 'x'));
    expect(String(Buffer.concat(await Array.fromAsync(arriving(source, { most: 10, idle: 10_000, tooLarge }))))).toBe('xxxxxxxxxx');
  });

  it('is refused with the first byte that is too many, and the rest may flow off', async () => {
    const source = new PassThrough();
    source.write(Buffer.alloc(11));
    await expect(Array.fromAsync(arriving(source, { most: 10, idle: 10_000, tooLarge }))).rejects.toThrow('too large');
    expect(source.destroyed).toBe(false);
    source.resume();
    source.end(Buffer.alloc(1_000_000));
    await new Promise((resolve) => source.once('end', resolve));
  });

  it('is taken no faster than somebody wants it', async () => {
    const source = new PassThrough({ highWaterMark: 1_000 });
    const chunks = arriving(source, { most: Infinity, idle: 10_000, tooLarge });
    let isFull = !source.write(Buffer.alloc(1_000));
    await chunks.next();
    isFull = !source.write(Buffer.alloc(1_000));
    expect([isFull, source.readableLength]).toEqual([true, 1_000]);
    await chunks.return();
  });

  it('fails when it stops coming, and when its sender goes', async () => {
    const silent = new PassThrough();
    await expect(arriving(silent, { most: 10, idle: 1, tooLarge }).next()).rejects.toMatchObject({ code: 'api.request_timeout' });
    const gone = new PassThrough();
    const next = arriving(gone, { most: 10, idle: 10_000, tooLarge }).next();
    gone.destroy(new Error('gone'));
    await expect(next).rejects.toThrow('gone');
  });
});

describe('a short body', () => {
  it('is what was sent', async () => {
    const source = new PassThrough();
    const whole = arrivingWhole(source, 10_000);
    source.write('one ');
    source.end('two');
    expect(String(await whole)).toBe('one two');
  });

  it('may be empty', async () => {
    const source = new PassThrough();
    source.end();
    expect(await arrivingWhole(source, 10_000)).toHaveLength(0);
  });

  it('fails when it stops coming, and when its sender goes', async () => {
    await expect(arrivingWhole(new PassThrough(), 1)).rejects.toMatchObject({ code: 'api.request_timeout' });
    const broken = new PassThrough();
    const whole = arrivingWhole(broken, 10_000);
    broken.destroy(new Error('gone'));
    await expect(whole).rejects.toThrow('gone');
    const closed = new PassThrough();
    const never = arrivingWhole(closed, 10_000);
    closed.destroy();
    await expect(never).rejects.toMatchObject({ code: 'api.request_timeout' });
  });
});
