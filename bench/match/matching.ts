import assert from 'node:assert/strict';
import { matchEndpoint, matchEvents, plan, type EventLocals, type Plan } from '@millrace/language';
import type { Contestant } from '../rounds/race.mjs';
import { automations, endpoints, eventFor, pathFor } from './automations';

const EVENTS = 1_000;

/** Matches an event with a workspace of a number of automations, one of which wants it: the same event, or each in its turn. */
export function matching(size: number, which: 'one' | 'each'): Contestant {
  const whole = planOf(automations(size));
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

/** Matches a call with a workspace of a number of endpoints, one of which answers it: one without a parameter and one with one in turns. */
export function calling(size: number): Contestant {
  const whole = planOf(endpoints(size));
  const paths = [pathFor(size - 1), pathFor(size - 2)];
  for (const path of paths) assert.equal(matchEndpoint(whole, 'get', path).length, 1);
  return {
    name: `call, ${size}`,
    work: () => {
      for (let count = 0; count < EVENTS / paths.length; count++) for (const path of paths) matchEndpoint(whole, 'get', path);
      return EVENTS;
    },
  };
}

function planOf(sources: Readonly<Record<string, string>>): Plan {
  return plan({ automations: Object.entries(sources).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text })) });
}

function event(type: string): EventLocals {
  const payload = { total: 120, customer: { name: 'Ada' } };
  return { id: 'evt_1', type, createdAt: '2026-01-01T00:00:00.000Z', payload, source: { workspaceId: 'ws_1' } };
}
