import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NEEDS } from './needs.mjs';

/** A bucket opened by its name, or by a constant of that name. */
const OPENED = /\bbucket\('([a-z-]+)'|\b(?:[A-Z]+_)?BUCKET = '([a-z-]+)'/g;
/** Who removes what has left hears of that by a durable named after the service. */
const REMOVES = { erasures: /\bnew (PersonErasures)\(/g, purges: /\bnew (WorkspacePurges)\(/g };
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
    const removals = Object.entries(REMOVES).flatMap(([name, pattern]) => found(pattern).map(() => `${service}-${name}`));
    expect([...found(CONSUMED), ...removals].sort()).toEqual(needs.consumes.map(({ name }) => name).sort());
  });
});
