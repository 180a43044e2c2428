import { describe, expect, it } from '@jest/globals';
import { ANONYMOUS } from '@millrace/kernel';
import type { Region } from '@millrace/language';
import { SystemIds } from '@millrace/service';
import { memoryPorts } from '@millrace/testing';
import { Workbench, WORKSPACE } from './testing/workbench';

const SAYS = '{% date("2026-07-01T10:00:00Z", "D MMMM HH:mm") %}';
const ANSWERS = `when: { endpoint: { path: go, access: public } }\ndo: []\noutput: '${SAYS}'\n`;
const WAITS = `when: { events: begin }
do:
  - emit: { event: first, payload: { says: '${SAYS}' } }
  - wait: { oneOf: [{ event: go, filter: 'date("2026-07-01T10:00:00Z", "HH") = "19"' }] }
  - emit: { event: second, payload: { says: '${SAYS}' } }
`;

describe('where a workspace is', () => {
  async function bench(settings = ''): Promise<Workbench> {
    const ports = memoryPorts();
    const one = await Workbench.of({ ...ports, ids: new SystemIds(ports.clock) }, {});
    one.publish('d', { main: ANSWERS, waits: WAITS }, {}, [], settings);
    return one;
  }

  function move(one: Workbench, region: Region): void {
    const active = one.versions.versions.get(WORKSPACE);
    if (active !== undefined) one.versions.versions.set(WORKSPACE, { ...active, region });
  }

  const says = async (one: Workbench): Promise<unknown> => (await one.call('go', {}, ANONYMOUS)).chunks[0];

  it('is what dates are written by, from the next run on', async () => {
    const one = await bench();
    expect(await says(one)).toBe('1 July 10:00');
    move(one, { timeZone: 'Asia/Tokyo', locale: 'fr' });
    expect(await says(one)).toBe('1 juillet 19:00');
    move(one, { locale: 'de' });
    expect(await says(one)).toBe('1 Juli 10:00');
  });

  it('is what its version says, where that says something', async () => {
    const one = await bench('timeZone: Europe/Paris\n');
    move(one, { timeZone: 'Asia/Tokyo', locale: 'fr' });
    expect(await says(one)).toBe('1 juillet 12:00');
  });

  it('stays for a run what it was when that began, in what it waits for and says', async () => {
    const one = await bench();
    move(one, { timeZone: 'Asia/Tokyo', locale: 'fr' });
    await one.deliver(await one.emit('begin'));
    move(one, { timeZone: 'America/New_York' });
    one.engine.models.forget(WORKSPACE);
    await one.deliver(await one.emit('go'));
    const told = (await one.told()).filter(([type]) => type === 'first' || type === 'second');
    expect(told).toEqual([
      ['first', { says: '1 juillet 19:00' }],
      ['second', { says: '1 juillet 19:00' }],
    ]);
  });

  it('holds for a repeat on an older version and for a test of the draft as it is now', async () => {
    const one = await bench();
    const region = { timeZone: 'Asia/Tokyo', locale: 'fr' };
    one.publish('draft', { main: ANSWERS });
    move(one, region);
    expect(await one.engine.models.at(WORKSPACE, 'd')).toMatchObject({ region, plan: region });
    expect(await one.engine.models.draft(WORKSPACE, one.context(ANONYMOUS))).toMatchObject({ region, plan: region });
  });
});
