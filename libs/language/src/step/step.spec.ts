import { describe, expect, it } from '@jest/globals';
import type { Json } from '@millrace/kernel';
import { plan } from '../plan/compile';
import { start, step } from './step';
import type { Begin } from './turn';

const begin = (slug: string, locals = {}): Begin => ({
  run: 'run_1',
  slug,
  locals,
  trigger: { type: 'test', value: slug },
  workspaceId: 'ws_1',
  correlationId: 'cor_1',
  depth: 1,
  identity: { userId: 'usr_1', sessionId: 'ses_1' },
  seed: 'seed',
  now: Date.UTC(2026, 0, 1),
});

const planOf = (files: Record<string, string>) =>
  plan({ automations: Object.entries(files).map(([slug, text]) => ({ file: `automations/${slug}.yaml`, text })) });

describe('start', () => {
  it('runs a pure automation to its output', () => {
    const turn = start(
      planOf({
        a: 'do:\n  - set: { name: x.y, value: "{% {{n}} + 1 %}" }\n  - repeat:\n      on: [1, 2]\n      do:\n        - set: { name: "l[]", value: "{{item}}-{{x.y}}" }\n  - conditions:\n      "{{l.length}} == 2":\n        - emit: { event: done.now, payload: { l: "{{l}}" } }\noutput: { l: "{{l}}", x: "{{x}}" }\n',
      }),
      begin('a', { n: 1 }),
    );
    expect(turn.ended).toEqual({ output: { l: ['1-2', '2-2'], x: { y: 2 } } });
    expect(turn.effects).toMatchObject([
      { id: '2/0', kind: 'emit', request: { event: 'done.now', payload: { l: ['1-2', '2-2'] } }, blocks: false },
    ]);
  });

  it('waits for a fetch and goes on with its answer', () => {
    const p = planOf({ a: 'do:\n  - fetch: { url: "https://example.com/{{id}}", output: got }\noutput: "{{got.name}}"\n' });
    const first = start(p, begin('a', { id: 7 }));
    expect(first.ended).toBeUndefined();
    expect(first.effects).toMatchObject([
      { id: '0', kind: 'fetch', request: { url: 'https://example.com/7', method: 'get' }, blocks: true },
    ]);
    const second = step(p, JSON.parse(JSON.stringify(first.state)) as Json, [
      { effect: '0', at: 5, value: { status: 200, body: { name: 'seven' } } },
    ]);
    expect(second.ended).toEqual({ output: 'seven' });
  });
});
