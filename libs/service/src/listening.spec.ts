import { describe, expect, it } from '@jest/globals';
import { listeningRefused } from './listening';

const failed = (code: string): Error => Object.assign(new Error(code), { code });

describe('listeningRefused', () => {
  it.each([
    ['EADDRINUSE', /Port 4000 on 127\.0\.0\.1 is in use.*MILLRACE_PORT=4010/],
    ['EACCES', /may not listen on port 4000.*MILLRACE_PORT=4000/],
    ['EADDRNOTAVAIL', /has no address "127\.0\.0\.1"/],
    ['ENOTFOUND', /has no address/],
  ])('says of %s what to do', (code, sentence) => {
    expect(listeningRefused(failed(code), '127.0.0.1', 4000, 'MILLRACE_PORT')).toMatchObject({ message: expect.stringMatching(sentence) });
  });

  it('leaves any other error as it is', () => {
    const error = failed('EIO');
    expect(listeningRefused(error, '127.0.0.1', 4000, 'MILLRACE_PORT')).toBe(error);
  });
});
