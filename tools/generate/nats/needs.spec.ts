import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NEEDS } from './needs.mjs';

/** A bucket opened by its name, or by a constant of that name. */
const OPENED = /\bbucket\('([a-z-]+)'|\b(?:[A-Z]+_)?BUCKET = '([a-z-]+)'/g;
/** Who erases people follows who has left, by a durable of that name. */
const ERASES = /\bPersonErasures\(\{\s*service: '([a-z-]+)'/g;
const CONSUMED = /\bname: '([a-z-]+)',[^}]*\border: '/g;

describe.each(Object.entries(NEEDS))('the declared needs of %s', (service, needs) => {
  const sources = globSync(`apps/${service}/src/**/*.ts`, { cwd: new URL('../../..', import.meta.url).pathname }).filter(
    (file) => !/\.spec\.ts$|\/testing\/|\/simulation\//.test(file),
  );
  const found = (pattern: RegExp): readonly string[] => {
    const names = sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, one, other]) => one ?? other ?? ''));
    return [...new Set(names)].sort();
  };

  it('name every bucket that its code opens, and no other', () => {
    expect(found(OPENED)).toEqual([...needs.writes, ...needs.reads].sort());
  });

  it('name every durable that its code consumes, and no other', () => {
    const erasures = found(ERASES).map((name) => `${name}-erasures`);
    expect([...found(CONSUMED), ...erasures].sort()).toEqual(needs.consumes.map(({ name }) => name).sort());
  });
});
