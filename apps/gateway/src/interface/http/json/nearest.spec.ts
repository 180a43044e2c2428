import { describe, expect, it } from '@jest/globals';
import { nearest } from './nearest';

const KNOWN = ['workspaceId', 'name', 'slug', 'description'];

describe('nearest', () => {
  it.each([
    ['workspace_id', 'workspaceId'],
    ['nmae', 'name'],
    ['descripton', 'description'],
    ['Name', 'name'],
  ])('takes %s for %s', (name, meant) => {
    expect(nearest(name, KNOWN)).toBe(meant);
  });

  it.each(['colour', 'x', '', 'n'.repeat(1_000)])('finds nothing near %j', (name) => {
    expect(nearest(name, KNOWN)).toBeUndefined();
  });
});
