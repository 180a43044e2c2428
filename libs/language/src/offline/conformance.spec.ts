import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { readCases } from './case';
import { playCase, unmetBy } from './holds';

const folder = new URL('../../conformance/', import.meta.url);

describe.each(readdirSync(folder).filter((name) => name.endsWith('.yml')))('conformance of %s', (name) => {
  const cases = readCases(readFileSync(new URL(name, folder), 'utf8'), name);

  it('has ids of its own for its cases', () => {
    const ids = cases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', (_, one) => {
    expect(unmetBy(one, playCase(one))).toEqual([]);
  });
});
