import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import type { Wire } from '../wire';
import { wireContract } from '../wire.contract';
import { LocalHub } from './local-hub';

wireContract('LocalWire', async () => {
  const hub = new LocalHub();
  const wires: Wire[] = [];
  return {
    wire: async () => {
      const wire = hub.connect();
      wires.push(wire);
      return wire;
    },
    close: async () => {
      await Promise.all(wires.map((wire) => wire.close()));
    },
  };
});

describe('LocalWire', () => {
  const empty = { body: new Uint8Array(), headers: {} };

  it('hides the asynchronous context of the caller from the handler, as another process would', async () => {
    const story = new AsyncLocalStorage<string>();
    const hub = new LocalHub();
    const seen: (string | undefined)[] = [];
    await hub.connect().serve('call.a', 'g', {
      request: async () => {
        seen.push(story.getStore());
        return empty;
      },
      async *stream() {
        seen.push(story.getStore());
        yield empty;
      },
    });
    await story.run('of the caller', async () => {
      await hub.connect().request('call.a', empty, { timeout: 1000 });
      for await (const _ of hub.connect().stream('call.a', empty, { timeout: 1000 })) seen.push(story.getStore());
    });
    expect(seen).toEqual([undefined, undefined, 'of the caller']);
  });

  it('reports a fault of a subscriber and keeps it from the publisher', async () => {
    const reported = new Promise((resolve) => {
      const hub = new LocalHub({ onFault: (where, fault) => resolve({ where, fault }) });
      const wire = hub.connect();
      const fail = (): never => {
        throw new Error('broken');
      };
      void wire.subscribe('news', fail).then(() => wire.publish('news', empty));
    });
    expect(await reported).toEqual({ where: 'a subscriber of "news" failed', fault: expect.objectContaining({ message: 'broken' }) });
  });

  it('begins calls and streams when it is their turn', async () => {
    const waiting: (() => void)[] = [];
    const bothWait = Promise.withResolvers<void>();
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        if (waiting.push(resolve) === 2) bothWait.resolve();
      });
    const wire = new LocalHub({ turns: { next } }).connect();
    const begun: string[] = [];
    await wire.serve('call.a', 'g', {
      request: async () => {
        begun.push('call');
        return empty;
      },
      async *stream() {
        begun.push('stream');
        yield empty;
      },
    });
    const call = wire.request('call.a', empty, { timeout: 1000 });
    const stream = Array.fromAsync(wire.stream('call.a', empty, { timeout: 1000 }));
    await bothWait.promise;
    expect(begun).toEqual([]);
    for (const begin of waiting) begin();
    expect(await Promise.all([call, stream])).toEqual([empty, [empty]]);
    expect(begun).toEqual(['call', 'stream']);
  });
});
