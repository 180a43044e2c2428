import assert from 'node:assert/strict';
import { matchEvents, plan, type EventLocals } from '@millrace/language';
import type { Contestant } from '../rounds/race.mjs';
import { automations, eventFor } from './automations';

const EVENTS = 1_000;

/** Matches an event with a workspace of a number of automations, one of which wants it: the same event, or each in its turn. */
export function matching(size: number, which: 'one' | 'each'): Contestant {
  const texts = Object.entries(automations(size)).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text }));
  const whole = plan({ automations: texts });
  const events = Array.from({ length: which === 'one' ? 1 : size }, (_, at) => event(eventFor(which === 'one' ? size - 1 : at)));
  for (const one of events) assert.equal(matchEvents(whole, one).length, 1);
  let next = 0;
  return {
    name: `${which} of ${size}`,
    work: () => {
      for (let count = 0; count < EVENTS; count++) {
        const wanted = events[next];
        if (wanted !== undefined) matchEvents(whole, wanted);
        next = (next + 1) % events.length;
      }
      return EVENTS;
    },
  };
}

function event(type: string): EventLocals {
  const payload = { total: 120, customer: { name: 'Ada' } };
  return { id: 'evt_1', type, createdAt: '2026-01-01T00:00:00.000Z', payload, source: { workspaceId: 'ws_1' } };
}
