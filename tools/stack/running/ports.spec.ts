import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { portsFor } from './ports.mjs';

let holder: Server | undefined;

/** Somebody else listens there. */
async function held(port: number): Promise<Server> {
  holder = createServer().listen(port, '127.0.0.1');
  await once(holder, 'listening');
  return holder;
}

afterEach(() => {
  holder?.close();
});

describe('the ports of a server', () => {
  it('are those it had, in their order, and new ones behind them', async () => {
    const first = await portsFor([]);
    const kept = [first.next(), first.next()];
    expect(first.taken()).toEqual(kept);
    const again = await portsFor(kept);
    const ports = Array.from({ length: 8 }, () => again.next());
    expect(ports.slice(0, 2)).toEqual(kept);
    expect(new Set(ports).size).toBe(8);
    expect(() => again.next()).toThrow('more than 8 ports');
  });

  it('are waited for while somebody else has one', async () => {
    const port = (await portsFor([])).next();
    const other = await held(port);
    const answered = portsFor([port], 60_000);
    await expect(portsFor([port], 0)).rejects.toThrow('is taken');
    other.close();
    expect((await answered).next()).toBe(port);
  });

  it('are refused by number, never exchanged for others, when one stays taken', async () => {
    const port = (await portsFor([])).next();
    await held(port);
    await expect(portsFor([port], 0)).rejects.toThrow(`Its port ${port} is taken.`);
  });

  it('are none that the kernel gives to connections', async () => {
    const ports = await portsFor([]);
    expect(Array.from({ length: 8 }, () => ports.next()).filter((port) => port >= 32_768)).toEqual([]);
  });
});
