import { describe, expect, it } from '@jest/globals';
import { assertLoopback, isLoopback } from './loopback';

describe('the embedded issuer', () => {
  it.each(['127.0.0.1', '127.8.9.10', 'localhost', 'LOCALHOST', '::1', '[::1]'])('may listen on %s', (host) => {
    expect(isLoopback(host)).toBe(true);
    expect(() => {
      assertLoopback(host);
    }).not.toThrow();
  });

  it.each(['0.0.0.0', '::', '10.0.0.7', '192.168.1.20', 'millrace.example', '127.0.0.1.example', '', '128.0.0.1'])(
    'may not listen on "%s" unless told to',
    (host) => {
      expect(isLoopback(host)).toBe(false);
      expect(() => {
        assertLoopback(host);
      }).toThrow(expect.objectContaining({ code: 'issuer.beyond_loopback', refusal: 'invalid' }));
      expect(() => {
        assertLoopback(host, true);
      }).not.toThrow();
    },
  );
});
