import { describe, expect, it } from '@jest/globals';
import { Measure } from './measure';

describe('Measure', () => {
  it('has fewer large events at hand than small ones, and always some', () => {
    const measure = new Measure({ events: 128, bytes: 1024 * 1024 });
    expect(measure.ahead).toBe(128);
    for (let n = 0; n < 100; n++) measure.saw(64 * 1024);
    expect(measure.ahead).toBe(16);
    for (let n = 0; n < 100; n++) measure.saw(1024 * 1024);
    expect(measure.ahead).toBe(8);
    for (let n = 0; n < 200; n++) measure.saw(100);
    expect(measure.ahead).toBe(128);
  });

  it('is never more than was asked for', () => {
    expect(new Measure({ events: 3, bytes: 1 }).ahead).toBe(3);
  });
});
