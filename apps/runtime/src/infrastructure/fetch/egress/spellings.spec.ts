import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalServer } from '../testing/local-server';
import { Rehearsal } from '../testing/rehearsal';
import { ScriptedResolver } from '../testing/scripted-resolver';
import { MALFORMED, NAMES, NOT_PUBLIC, spelt, THIS_MACHINE } from '../testing/spellings';

const ALL = [...THIS_MACHINE, ...NOT_PUBLIC, ...NAMES, ...MALFORMED];

describe('every way to write a place that is not public', () => {
  const rehearsals: Rehearsal[] = [];
  let trap: LocalServer;

  const rehearsal = (allow: readonly string[], resolver = new ScriptedResolver([['127.0.0.1']])): Rehearsal => {
    const made = new Rehearsal({ allow, resolver });
    rehearsals.push(made);
    return made;
  };

  beforeAll(async () => {
    trap = await LocalServer.start((response) => response.end('caught'), { host: '::' }).catch(() =>
      LocalServer.start((response) => response.end('caught'), { host: '0.0.0.0' }),
    );
  });

  afterAll(async () => {
    await Promise.all(rehearsals.map(({ fetcher }) => fetcher.close()));
    await trap.stop();
  });

  it('is in a list of more than two hundred', () => {
    expect(new Set(ALL).size).toBe(ALL.length);
    expect(ALL.length).toBeGreaterThan(200);
  });

  it('is refused, and nothing connects', async () => {
    const guarded = rehearsal([]);
    const codes: [string, string][] = [];
    for (const spelling of ALL) codes.push([spelling, await guarded.code({ url: spelt(spelling, trap.port) })]);
    expect(codes.filter(([, code]) => code !== 'runtime.fetch_refused')).toEqual([]);
    expect(trap.connections).toBe(0);
  });

  it('is refused as the place of a redirect, and nothing connects', async () => {
    let location = '';
    const outside = await LocalServer.start((response) => response.writeHead(302, { location }).end());
    const guarded = rehearsal(['outside.test'], new ScriptedResolver([['127.0.0.1']]));
    const codes: [string, string][] = [];
    for (const spelling of [...THIS_MACHINE, ...NOT_PUBLIC, ...NAMES].filter(fitsAHeader)) {
      location = spelt(spelling, trap.port);
      codes.push([spelling, await guarded.code({ url: `http://outside.test:${outside.port}/` })]);
    }
    await outside.stop();
    expect(codes.length).toBeGreaterThan(150);
    expect(codes.filter(([, code]) => code !== 'runtime.fetch_refused')).toEqual([]);
    expect(trap.connections).toBe(0);
  });

  it('leads to this machine where the list says so, once the operator allows it', async () => {
    const open = rehearsal(['127.0.0.0/8', '0.0.0.0', '::1', '::', '::ffff:0:0/96']);
    const missed: string[] = [];
    for (const spelling of THIS_MACHINE) {
      const outcome = await open.fetch({ url: spelt(spelling, trap.port) });
      if (!('value' in outcome)) missed.push(spelling);
    }
    expect(missed).toEqual([]);
    expect(trap.seen.length).toBe(THIS_MACHINE.length);
  });
});

function fitsAHeader(spelling: string): boolean {
  return /^[\x20-\x7e]*$/.test(spelling);
}
