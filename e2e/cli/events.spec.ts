import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCliGround, type CliGround } from './ground';

const HELLO = fileURLToPath(new URL('../../examples/hello', import.meta.url));

/** Reads lines as they are printed, and waits for what shall come. */
class Lines {
  private text = '';
  private readonly looks = new Set<() => void>();

  readonly take = (text: string): void => {
    this.text += text;
    for (const look of [...this.looks]) look();
  };

  /** Resolves with the first line that fits; rejects when none comes in time. */
  async until(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const found = this.text.split('\n').find((line) => pattern.test(line));
      if (found !== undefined) resolve(found);
    };
    const timer = setTimeout(() => reject(new Error(`No line fits ${String(pattern)}:\n${this.text}`)), 20_000);
    this.looks.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      this.looks.delete(look);
    });
  }
}

describe('a workspace from the command line', () => {
  let ground: CliGround;

  beforeAll(async () => {
    ground = await openCliGround();
    const token = await ground.millrace.token('ada');
    await ground.type(['login', ground.millrace.url, '--token-stdin', '-w', 'lac'], { input: token });
  });

  afterAll(async () => {
    await ground.stop();
  });

  it('is created, shown and listed', async () => {
    expect(await ground.say('workspaces list')).toMatchObject({
      code: 0,
      output: '',
      notes: expect.stringContaining('You belong to no workspace.'),
    });
    const created = await ground.type(['workspaces', 'create', 'Hotel du Lac', '--slug', 'lac', '-o', 'json']);
    expect(JSON.parse(created.output)).toMatchObject({ slug: 'lac', name: 'Hotel du Lac', role: 'owner' });
    expect(await ground.type(['workspaces', 'create', 'Another', '--slug', 'lac'])).toMatchObject({ code: 5 });
    expect((await ground.say('workspaces list')).output).toMatch(/^SLUG +NAME +ROLE +STATE +VERSION\nlac +Hotel du Lac +owner +active\n$/);
    expect((await ground.say('workspaces show')).output).toContain('version     none is published\n');
    expect((await ground.say('workspaces list -o name')).output).toBe('lac\n');
  });

  it('gets automations and is published', async () => {
    for (const slug of ['greet', 'check']) {
      expect(await ground.say(`automations put ${slug} automations/${slug}.yaml`, { folder: HELLO })).toMatchObject({ code: 0 });
    }
    expect((await ground.say('automations list -o name')).output).toBe('check\ngreet\n');
    expect((await ground.say('automations show greet')).output).toBe(readFileSync(join(HELLO, 'automations/greet.yaml'), 'utf8'));
    expect(await ground.say('automations put greet -', { input: 'do: []\nouput: 1\n' })).toMatchObject({
      code: 2,
      notes: expect.stringMatching(/workspaces\.document_invalid(.*\n)+.*greet\.yaml:2:1/),
    });
    expect(await ground.say('versions publish -m first')).toMatchObject({ code: 0, output: expect.stringMatching(/^version {5}1\n/) });
    expect((await ground.say('versions list')).output).toMatch(/\n\* +1 .*first\n$/);
  });

  it('shows what happens as it happens, one JSON object a line when nobody looks', async () => {
    const enough = new AbortController();
    const lines = new Lines();
    const tail = ground.say('events tail --type hello.*', { onOutput: lines.take, interruption: enough.signal });
    // The subscription is in force when the first event of its kind arrives.
    const greeted = new AbortController();
    const seen = lines.until(/hello\.said/).finally(() => greeted.abort());
    while (!greeted.signal.aborted) {
      expect(await ground.type(['events', 'emit', 'hello.said', '-d', '{"name": "Ada"}', '-q'])).toMatchObject({ code: 0 });
    }
    expect(JSON.parse(await seen)).toMatchObject({ type: 'hello.said', payload: { name: 'Ada' } });
    enough.abort();
    expect(await tail).toMatchObject({ code: 130, notes: '' });
  });

  it('shows them to a person in lines of a time, a type, who and what', async () => {
    const enough = new AbortController();
    const lines = new Lines();
    const since = await position(ground);
    const tail = ground.say(`events tail --type note.taken --since ${since}`, {
      onOutput: lines.take,
      interruption: enough.signal,
      seen: true,
    });
    await ground.say('events emit note.taken -d {"text":"one"}');
    expect(await lines.until(/note/)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}note\.taken +user +\{"text":"one"\}$/);
    enough.abort();
    await tail;
  });

  it('says what cannot be caught up', async () => {
    const enough = new AbortController();
    const lines = new Lines();
    const tail = ground.say('events tail --since elsewhere-1', { onOutput: lines.take, interruption: enough.signal });
    expect(JSON.parse(await lines.until(/gap/))).toEqual({ gap: { reason: 'epoch' } });
    enough.abort();
    await tail;
  });

  it('waits for an event, one that was already included, and not for ever', async () => {
    const since = await position(ground);
    await ground.say('events emit order.paid -d {"id":"o-1"}');
    const found = await ground.type(['events', 'wait', '--type', 'order.paid', '--where', "payload.id = 'o-1'", '--since', since]);
    expect({ code: found.code, event: JSON.parse(found.output) as unknown }).toMatchObject({ code: 0, event: { type: 'order.paid' } });
    const late = await ground.type(['events', 'wait', '--type', 'order.lost', '--timeout', '200ms']);
    expect(late).toMatchObject({ code: 6, output: '', notes: expect.stringContaining('No such event came in 200ms.') });
    expect(await ground.type(['events', 'wait', '--where', 'payload.id =='])).toMatchObject({ code: 2 });
  });

  it('emits many at once and finds them again', async () => {
    const events = [1, 2, 3].map((n) => JSON.stringify({ type: 'batch.done', payload: { n } })).join('\n');
    const emitted = await ground.say('events emit -d - -o name', { input: events });
    expect(emitted.output.trim().split('\n')).toHaveLength(3);
    let found = '';
    for (const end = Date.now() + 20_000; found.split('\n').length < 4 && Date.now() < end;) {
      found = (await ground.say('events search --type batch.done --oldest --from -1h -o ndjson')).output;
    }
    expect(
      found
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { payload: object }).payload),
    ).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect((await ground.say('events search --type batch.done --limit 2 -o name')).output.trim().split('\n')).toHaveLength(2);
    const short = await ground.type(['events', 'search', 'type:batch.*', '-o', 'ndjson', '--', '-n:3', '-n:1']);
    expect([short.code, (JSON.parse(short.output) as { payload: object }).payload]).toEqual([0, { n: 2 }]);
    expect(await ground.type(['events', 'search', 'time:soon'])).toMatchObject({ code: 2, notes: expect.stringContaining('time') });
    expect(await ground.say('events emit -d -', { input: '[{"payload": {}}]' })).toMatchObject({
      code: 2,
      notes: expect.stringContaining('Event 1 has no type.'),
    });
  });

  it('is deleted only by who means it', async () => {
    expect(await ground.say('workspaces delete lac', { input: '' })).toMatchObject({
      code: 2,
      notes: expect.stringContaining('add --yes'),
    });
    expect(await ground.say('workspaces delete lac', { lines: ['hotel'] })).toMatchObject({ code: 2 });
    expect(await ground.say('workspaces delete lac', { lines: ['lac'] })).toMatchObject({ code: 0 });
    expect(await ground.say('workspaces show lac')).toMatchObject({ code: 3 });
  });
});

/** The position of an event that is emitted now: what is emitted later comes behind it. */
async function position(ground: CliGround): Promise<string> {
  const since = await ground.say('events emit mark.set -o json');
  const { items } = JSON.parse(since.output) as { items: readonly { id: string; offset: string }[] };
  let event = '';
  for (const end = Date.now() + 20_000; event === '' && Date.now() < end;) {
    event = (await ground.say('events search --type mark.set --limit 1 -o ndjson')).output;
    if (event !== '' && (JSON.parse(event) as { id: string }).id !== items[0]?.id) event = '';
  }
  const { epoch, offset } = JSON.parse(event) as { epoch: string; offset: string };
  return `${epoch}-${offset}`;
}
