import { describe, expect, it } from '@jest/globals';
import { anEvent } from '../../contract/fixture';
import { laneOf } from '../../lane';
import { LogNames } from './log-names';

describe('LogNames', () => {
  it.each([
    ['', ''],
    ['blue', 'blue.'],
  ])('makes the subject of an event and reads it back, with the prefix "%s"', (prefix, root) => {
    const names = new LogNames(prefix);
    const event = anEvent({ workspaceId: 'ws_7', type: 'orders.item.added', key: 'k' });
    const subject = names.subjectOf(event);
    expect(subject).toBe(`${root}event.${laneOf(event)}.ws_7.orders.item.added`);
    expect(names.partsOf(subject)).toEqual({ lane: laneOf(event), workspace: 'ws_7', type: 'orders.item.added' });
    expect(names.filterOf('ws_7.orders.>')).toBe(`${root}event.*.ws_7.orders.>`);
    expect(names.filterOf('*.>', 3)).toBe(`${root}event.3.*.>`);
  });

  it('refuses what would be another subject than it looks like', () => {
    const names = new LogNames();
    const refused = expect.objectContaining({ code: 'log.name_invalid', refusal: 'invalid' });
    for (const workspaceId of ['', 'a.b', '*', '>', 'a b']) expect(() => names.subjectOf(anEvent({ workspaceId }))).toThrow(refused);
    for (const type of ['', '.a', 'a..b', 'a.*', '>', 'a b']) expect(() => names.subjectOf(anEvent({ type }))).toThrow(refused);
    for (const durable of ['', 'a.b', '*']) expect(() => names.consumerOf(durable)).toThrow(refused);
    expect(() => new LogNames('a.b')).toThrow(refused);
  });
});
