import { describe, expect, it } from '@jest/globals';
import { Health } from '@millrace/observability';
import type { FastifyReply } from 'fastify';
import { HealthController } from './health.controller';

class Reply {
  status = 200;
  readonly headers = new Map<string, string>();

  code(status: number): this {
    this.status = status;
    return this;
  }

  header(name: string, value: string): this {
    this.headers.set(name, value);
    return this;
  }
}

describe('the health that everybody may ask for', () => {
  it('is that work is taken, or when to ask again; no more', async () => {
    const health = new Health('gateway');
    const controller = new HealthController(health);
    const ask = async () => {
      const reply = new Reply();
      return [await controller.healthz(reply as unknown as FastifyReply), reply.status, reply.headers.get('retry-after')];
    };
    expect(await ask()).toEqual([{ ready: false }, 503, '2']);
    health.setServing(true);
    expect(await ask()).toEqual([{ ready: true }, 200, undefined]);
  });
});
