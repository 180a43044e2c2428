import type { OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Routes } from './routes';

/** Puts the routes that are no controllers on the door, before it opens. */
export class Mounting implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly routes: readonly Routes[],
  ) {}

  onModuleInit(): void {
    const fastify = (this.host.httpAdapter as unknown as FastifyAdapter).getInstance();
    for (const each of this.routes) each.mount(fastify);
  }
}
