import type { BeforeApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Routes } from './routes';

/** Puts the routes that are no controllers on the door, and takes leave of them in the end. */
export class PublicRoutes implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly routes: readonly Routes[],
  ) {}

  onModuleInit(): void {
    for (const each of this.routes) each.mount(this.host.httpAdapter.getInstance());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.routes.map(async (each) => each.close?.()));
  }
}
