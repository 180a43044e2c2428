import type { JsonMap } from '@millrace/kernel';
import { Chance } from '@millrace/testing';
import { Pen, remember, tell } from './pen';
import type { Deed, EventDeed, Program, Scenario } from './scenario';
import { some } from './writers';

const SLUGS = ['first', 'second', 'third'];
const DEPTH = 2;
const STARTS = ['event', 'event', 'event', 'endpoint', 'tick'] as const;

type Start = (typeof STARTS)[number];

/** Makes up a scenario; the same seed gives the same. */
export function scenarioOf(seed: number): Scenario {
  const chance = new Chance(seed);
  const isSure = chance.happens(0.5);
  const isLimited = chance.happens(0.25);
  const slugs = SLUGS.slice(0, 1 + chance.below(SLUGS.length));
  const starts = new Map<string, Start>(slugs.map((slug) => [slug, STARTS[chance.below(STARTS.length)] ?? 'event']));
  const places = { count: 0 };
  const programs = slugs.map((slug, index) => {
    const pen = new Pen({ chance, isSure, next: slugs.slice(index + 1), places, isLimited }, DEPTH);
    return { slug, document: documentOf(pen, slug, starts.get(slug) ?? 'event') };
  });
  const deeds = Array.from({ length: 2 + chance.below(4) }, (_, index) => {
    const slug = slugs[chance.below(slugs.length)] ?? 'first';
    return deedOf(chance, { slug, start: starts.get(slug) ?? 'event', n: index + 1 });
  });
  return { automations: [...programs, answerer(chance)], deeds, isSure };
}

/** What one automation is: named after what started it, it does a few things and says what it has seen. */
function documentOf(pen: Pen, slug: string, start: Start): JsonMap {
  const { chance, isSure, isLimited } = pen;
  const [when, payload] = WHEN[start](slug);
  const concurrency = { limit: 1 + chance.below(2), policy: isSure ? 'queue' : pen.pick(['queue', 'skip', 'reject', 'cancel']) };
  return {
    when,
    ...(isLimited && chance.happens(0.7) ? { concurrency } : {}),
    ...(chance.happens(0.1) ? { order: 'none' } : {}),
    do: [
      { set: { name: 'me', value: payload === 'value' ? '{{schedule.value}}' : `{{${payload}.id}}` } },
      { set: { name: 'me', value: `{{me}}/${slug}` } },
      { set: { name: 'n', value: payload === 'value' ? 3 : `{{${payload}.n}}` } },
      { set: { name: 'seen', value: [] } },
      ...(chance.happens(0.7) ? [tell('began', '{{me}}')] : []),
      ...some(pen),
    ],
    output: { me: '{{me}}', seen: '{{seen}}' },
  };
}

/** The trigger, and where what came with it is found. Every automation listens to others, too: they send what events send. */
const WHEN: Readonly<Record<Start, (slug: string) => readonly [when: JsonMap, payload: string]>> = {
  event: (slug) => [{ events: [`go.${slug}`, `to.${slug}`] }, 'payload'],
  endpoint: (slug) => [
    { endpoint: { path: slug, methods: ['post'], access: 'public', ...(slug === 'second' ? { respond: 'accepted' } : {}) } },
    'body',
  ],
  tick: () => [{ schedules: ['@every 24h'] }, 'value'],
};

/** Answers what automations ask each other. */
function answerer(chance: Chance): JsonMap & Program {
  const value = 'answer to {{payload.id}}';
  const before = chance.happens(0.3) ? [{ sleep: { for: '3s' } }] : chance.happens(0.4) ? [remember('thought')] : [];
  const answer = { emit: { event: 'answer', payload: { id: '{{payload.id}}', value } } };
  return { slug: 'answerer', document: { when: { events: ['query'] }, do: [...before, answer] } };
}

function deedOf(chance: Chance, { slug, start, n }: { readonly slug: string; readonly start: Start; readonly n: number }): Deed {
  const after = chance.happens(0.6) ? 0 : chance.below(10_000);
  const isRepeated = chance.happens(0.15);
  const payload = { id: `n${n}`, n };
  if (start === 'endpoint') return { kind: 'call', after, path: slug, key: `call-${n}`, payload, isRepeated };
  const event: EventDeed = { kind: 'event', after, id: `evt-${n}`, type: `go.${slug}`, payload, isRepeated, ...orderOf(chance) };
  if (start === 'event') return event;
  const tick = { automation: slug, value: `tick ${n}`, at: n, late: 0, entry: 0, overlap: 'allow' };
  return { ...event, type: 'runtime.schedules.ticked', payload: tick };
}

function orderOf(chance: Chance): Pick<EventDeed, 'key' | 'session'> {
  const owner = `s${1 + chance.below(2)}`;
  return { session: owner, ...(chance.happens(0.6) ? { key: owner } : {}) };
}
