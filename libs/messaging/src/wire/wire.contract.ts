import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@millrace/kernel';
import type { Wire, WireMessage, WireRequest } from './wire';

/** Several ends of one wire, as several processes would hold them. */
export interface WireFixture {
  /** A new end. */
  wire(): Promise<Wire>;
  /** Closes every end and what they meet at. */
  close(): Promise<void>;
}

/** Replies a server may have ready beyond those the caller took. */
const READY_AHEAD = 64;
const patient = { timeout: 5_000 };

/** What every adapter of `Wire` promises. */
export function wireContract(name: string, open: () => Promise<WireFixture>): void {
  describe(`the wire contract, kept by ${name}`, () => {
    let fixture: WireFixture;
    let server: Wire;
    let client: Wire;

    beforeEach(async () => {
      fixture = await open();
      server = await fixture.wire();
      client = await fixture.wire();
    });

    afterEach(async () => {
      await fixture.close();
    });

    describe('request', () => {
      it('brings the body and the headers there and back', async () => {
        await server.serve('call.echo', 'g', {
          request: async (request) => ({ body: request.body, headers: { seen: request.headers['a'] ?? '' } }),
        });
        const reply = await client.request('call.echo', { body: bytes('hello'), headers: { a: '1' } }, patient);
        expect(text(reply)).toBe('hello');
        expect(reply.headers).toEqual({ seen: '1' });
      });

      it('writes header names in lower case, whatever the sender wrote', async () => {
        await server.serve('call.names', 'g', {
          request: async (request) => ({ body: bytes(Object.keys(request.headers).join()), headers: { 'X-Reply': 'y' } }),
        });
        const reply = await client.request('call.names', { body: bytes(''), headers: { 'Trace-Parent': 'x' } }, patient);
        expect(text(reply)).toBe('trace-parent');
        expect(reply.headers).toEqual({ 'x-reply': 'y' });
      });

      it('takes an empty reply for a reply', async () => {
        await server.serve('call.empty', 'g', { request: async () => message('') });
        const reply = await client.request('call.empty', message(''), patient);
        expect(reply.body).toHaveLength(0);
        expect(reply.headers).toEqual({});
      });

      it('carries a body of 1 MiB', async () => {
        const body = new Uint8Array(1024 * 1024 - 1024).map((_, index) => index % 251);
        await server.serve('call.large', 'g', { request: async (request) => request });
        const reply = await client.request('call.large', { body, headers: {} }, patient);
        expect(Buffer.compare(reply.body, body)).toBe(0);
      });

      it('shares no bytes between caller and server', async () => {
        const body = bytes('mine');
        await server.serve('call.scribble', 'g', {
          request: async (request) => {
            request.body.fill(0);
            return message('ok');
          },
        });
        await client.request('call.scribble', { body, headers: {} }, patient);
        expect(Buffer.from(body).toString()).toBe('mine');
      });

      it('says that no one listens when nobody serves the subject', async () => {
        await expect(client.request('call.nobody', message(''), patient)).rejects.toMatchObject({
          code: 'wire.no_one_listens',
          refusal: 'unavailable',
        });
      });

      it('says that no one listens when the subject is served for streams only', async () => {
        await server.serve('call.streams', 'g', { stream: naturals });
        await expect(client.request('call.streams', message(''), patient)).rejects.toMatchObject({ code: 'wire.no_one_listens' });
      });

      it('says that the handler failed when it throws', async () => {
        await server.serve('call.broken', 'g', { request: () => Promise.reject(new Error('secret')) });
        await expect(client.request('call.broken', message(''), patient)).rejects.toMatchObject({
          code: 'wire.handler_failed',
          message: expect.not.stringContaining('secret'),
        });
      });

      it('gives up after its timeout and tells the server', async () => {
        const gone = gate();
        await server.serve('call.slow', 'g', { request: stuck(gone) });
        await expect(client.request('call.slow', message(''), { timeout: 30 })).rejects.toMatchObject({ code: 'wire.timeout' });
        await gone.opened;
      });

      it('ends with the reason of the signal of the caller and tells the server', async () => {
        const [begun, gone] = [gate(), gate()];
        await server.serve('call.slow', 'g', { request: stuck(gone, begun) });
        const controller = new AbortController();
        const answer = client.request('call.slow', message(''), { ...patient, signal: controller.signal });
        await begun.opened;
        controller.abort(new Error('changed my mind'));
        await expect(answer).rejects.toThrow('changed my mind');
        await gone.opened;
      });

      it('does not start under an aborted signal', async () => {
        await server.serve('call.any', 'g', { request: async () => message('') });
        const signal = AbortSignal.abort(new Error('too late'));
        await expect(client.request('call.any', message(''), { ...patient, signal })).rejects.toThrow('too late');
      });

      it('keeps many requests in flight apart', async () => {
        await server.serve('call.echo', 'g', { request: async (request) => request });
        const replies = await Promise.all(range(200).map((n) => client.request('call.echo', message(`${n}`), patient)));
        expect(replies.map(text)).toEqual(range(200).map(String));
      });
    });

    describe('serve', () => {
      it('shares the requests of a subject among the members of a group', async () => {
        const taken = await Promise.all(
          range(2).map(async () => {
            const member = { count: 0 };
            const wire = await fixture.wire();
            await wire.serve('call.shared', 'g', {
              request: async () => {
                member.count += 1;
                return message('');
              },
            });
            return member;
          }),
        );
        for (const _ of range(100)) await client.request('call.shared', message(''), patient);
        expect(taken.map((member) => member.count).reduce((sum, count) => sum + count)).toBe(100);
        expect(Math.min(...taken.map((member) => member.count))).toBeGreaterThanOrEqual(15);
      });

      it.each([
        ['call.*.get', 'call.offers.get', true],
        ['call.*.get', 'call.offers.list', false],
        ['call.*.get', 'call.a.b.get', false],
        ['call.>', 'call.a', true],
        ['call.>', 'call.a.b.c', true],
        ['call.a.>', 'call.a', false],
      ])('serves %s and is asked for %s: %s', async (pattern, subject, reached) => {
        await server.serve(pattern, 'g', { request: async (request) => message(request.subject) });
        const answer = client.request(subject, message(''), patient).then(text, codeOf);
        expect(await answer).toBe(reached ? subject : 'wire.no_one_listens');
      });

      it('takes nothing new once closed, and waits for what is in hand', async () => {
        const [begun, finish] = [gate(), gate()];
        const registration = await server.serve('call.drain', 'g', {
          request: async () => {
            begun.open();
            await finish.opened;
            return message('done');
          },
        });
        const answer = client.request('call.drain', message(''), patient);
        await begun.opened;
        const closing = registration.close().then(() => 'closed');
        await expect(eventually(client, 'call.drain')).resolves.toBe('wire.no_one_listens');
        expect(await Promise.race([closing, Promise.resolve('still open')])).toBe('still open');
        finish.open();
        expect(text(await answer)).toBe('done');
        expect(await closing).toBe('closed');
      });
    });

    describe('stream', () => {
      it('brings the replies in order and ends', async () => {
        await server.serve('call.count', 'g', {
          async *stream(request) {
            for (const n of range(Number(text(request)))) yield { body: bytes(`${n}`), headers: { n: `${n}` } };
          },
        });
        const replies = await collect(client.stream('call.count', message('500'), patient));
        expect(replies.map(text)).toEqual(range(500).map(String));
        expect(replies[7]?.headers).toEqual({ n: '7' });
      });

      it('brings an end without replies, and empty replies', async () => {
        await server.serve('call.none', 'g', { async *stream() {} });
        await server.serve('call.empties', 'g', {
          async *stream() {
            yield message('');
            yield message('');
          },
        });
        expect(await collect(client.stream('call.none', message(''), patient))).toHaveLength(0);
        expect(await collect(client.stream('call.empties', message(''), patient))).toHaveLength(2);
      });

      it('produces no faster than the caller takes', async () => {
        let produced = 0;
        await server.serve('call.flood', 'g', {
          async *stream() {
            for (; ; produced += 1) yield message('x');
          },
        });
        let taken = 0;
        for await (const _ of client.stream('call.flood', message(''), patient)) {
          await roundTrip(client);
          expect(produced).toBeLessThanOrEqual(taken + READY_AHEAD);
          if (++taken === 200) break;
        }
      });

      it('cancels the work on the other side when the caller leaves the loop', async () => {
        const [left, aborted] = [gate(), gate()];
        await server.serve('call.endless', 'g', {
          async *stream(request) {
            request.signal.addEventListener('abort', aborted.open);
            try {
              yield* naturals();
            } finally {
              left.open();
            }
          },
        });
        for await (const _ of client.stream('call.endless', message(''), patient)) break;
        await Promise.all([left.opened, aborted.opened]);
      });

      it('ends with the reason of the signal of the caller and tells the server', async () => {
        const [begun, gone] = [gate(), gate()];
        await server.serve('call.quiet', 'g', { stream: quiet(gone, begun) });
        const controller = new AbortController();
        const replies = collect(client.stream('call.quiet', message(''), { ...patient, signal: controller.signal }));
        await begun.opened;
        controller.abort(new Error('changed my mind'));
        await expect(replies).rejects.toThrow('changed my mind');
        await gone.opened;
      });

      it('gives up when a reply takes longer than the timeout, and tells the server', async () => {
        const gone = gate();
        await server.serve('call.quiet', 'g', { stream: quiet(gone) });
        await expect(collect(client.stream('call.quiet', message(''), { timeout: 30 }))).rejects.toMatchObject({ code: 'wire.timeout' });
        await gone.opened;
      });

      it('says that no one listens, or that the handler failed after the replies before it', async () => {
        await server.serve('call.breaks', 'g', {
          async *stream() {
            yield message('first');
            throw new Error('secret');
          },
        });
        await expect(collect(client.stream('call.nobody', message(''), patient))).rejects.toMatchObject({ code: 'wire.no_one_listens' });
        const seen: string[] = [];
        const reading = async (): Promise<void> => {
          for await (const reply of client.stream('call.breaks', message(''), patient)) seen.push(text(reply));
        };
        await expect(reading()).rejects.toMatchObject({ code: 'wire.handler_failed' });
        expect(seen).toEqual(['first']);
      });
    });

    describe('publish and subscribe', () => {
      it('reaches every subscriber and one member of each group', async () => {
        const all = [inbox(), inbox()];
        const [red, blue] = [inbox(), inbox()];
        for (const box of all) await (await fixture.wire()).subscribe('news.*', box.take);
        for (const _ of range(3)) await (await fixture.wire()).subscribe('news.>', red.take, 'red');
        for (const _ of range(3)) await (await fixture.wire()).subscribe('news.today', blue.take, 'blue');
        for (const n of range(30)) await client.publish('news.today', message(`${n}`));
        const expected = range(30).map((n) => `news.today ${n}`);
        for (const box of all) expect(await box.until(30)).toEqual(expected);
        for (const box of [red, blue]) expect([...(await box.until(30))].sort()).toEqual([...expected].sort());
        await roundTrip(client);
        expect([...all, red, blue].map((box) => box.size())).toEqual([30, 30, 30, 30]);
      });

      it('is content when no one listens', async () => {
        await expect(client.publish('news.nobody', message('x'))).resolves.toBeUndefined();
      });

      it('brings nothing after the subscription is closed', async () => {
        const [box, other] = [inbox(), inbox()];
        const registration = await server.subscribe('news.on', box.take);
        await server.subscribe('news.on', other.take);
        await registration.close();
        await client.publish('news.on', message('x'));
        await other.until(1);
        expect(box.size()).toBe(0);
      });
    });

    describe('close', () => {
      it('rejects what its own side has in flight and what comes after', async () => {
        const [begun, gone] = [gate(), gate()];
        await server.serve('call.slow', 'g', { request: stuck(gone, begun) });
        const answer = client.request('call.slow', message(''), patient);
        const refused = expect(answer).rejects.toMatchObject({ code: 'wire.closed' });
        await begun.opened;
        await client.close();
        await refused;
        await gone.opened;
        await expect(client.request('call.slow', message(''), patient)).rejects.toMatchObject({ code: 'wire.closed' });
        await expect(client.publish('news', message(''))).rejects.toMatchObject({ code: 'wire.closed' });
        await expect(client.serve('call.late', 'g', {})).rejects.toMatchObject({ code: 'wire.closed' });
      });

      it('tells the callers of its handlers, and serves no more', async () => {
        const [begun, gone] = [gate(), gate()];
        await server.serve('call.slow', 'g', { request: stuck(gone, begun) });
        const answer = client.request('call.slow', message(''), patient);
        const refused = expect(answer).rejects.toMatchObject({ code: 'wire.handler_failed' });
        await begun.opened;
        await server.close();
        await refused;
        await gone.opened;
        await expect(eventually(client, 'call.slow')).resolves.toBe('wire.no_one_listens');
      });

      it('has nothing more to close in what was served and subscribed', async () => {
        const registrations = [
          await server.serve('call.a', 'g', { request: async () => message('') }),
          await server.subscribe('news', () => undefined),
        ];
        const [served] = registrations;
        await served?.close();
        await server.close();
        await Promise.all(registrations.map((registration) => registration.close()));
        await server.close();
      });

      it('leaves the other ends alone', async () => {
        const third = await fixture.wire();
        await server.serve('call.echo', 'g', { request: async (request) => request });
        await third.close();
        expect(text(await client.request('call.echo', message('still here'), patient))).toBe('still here');
      });
    });
  });
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function message(content: string): WireMessage {
  return { body: bytes(content), headers: {} };
}

function text(from: WireMessage): string {
  return new TextDecoder().decode(from.body);
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function collect(replies: AsyncIterable<WireMessage>): Promise<readonly WireMessage[]> {
  const all: WireMessage[] = [];
  for await (const reply of replies) all.push(reply);
  return all;
}

async function* naturals(): AsyncGenerator<WireMessage> {
  for (let n = 0; ; n++) yield message(`${n}`);
}

/** One trip over the wire and back: whatever was sent before has arrived. */
async function roundTrip(wire: Wire): Promise<void> {
  await wire.request('call.round.trip', message(''), patient).catch(() => undefined);
}

/** Asks until the answer is a refusal, and gives its code. */
async function eventually(wire: Wire, subject: string): Promise<string> {
  for (;;) {
    const code = await wire.request(subject, message(''), { timeout: 20 }).then(() => 'answered', codeOf);
    if (code !== 'wire.timeout' && code !== 'answered') return code;
  }
}

/** Never answers; opens `gone` when the caller is gone. */
function stuck(gone: Gate, begun?: Gate): (request: WireRequest) => Promise<WireMessage> {
  return async (request) => {
    request.signal.addEventListener('abort', gone.open);
    begun?.open();
    await gone.opened;
    return message('late');
  };
}

function quiet(gone: Gate, begun?: Gate): (request: WireRequest) => AsyncIterable<WireMessage> {
  return async function* (request) {
    yield await stuck(gone, begun)(request);
  };
}

interface Gate {
  readonly opened: Promise<void>;
  open(this: void): void;
}

function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** Collects what a subscription gets, as `subject body`. */
function inbox(): {
  take(this: void, message: WireMessage, subject: string): void;
  until(count: number): Promise<readonly string[]>;
  size(): number;
} {
  const got: string[] = [];
  let wake = (): void => undefined;
  return {
    take: (from, subject) => {
      got.push(`${subject} ${text(from)}`);
      wake();
    },
    until: async (count) => {
      while (got.length < count) await new Promise<void>((resolve) => (wake = resolve));
      return got;
    },
    size: () => got.length,
  };
}

function codeOf(error: unknown): string {
  return error instanceof DomainError ? error.code : String(error);
}
