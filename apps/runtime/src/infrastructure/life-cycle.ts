import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Presence } from '../application/distribution/presence';
import type { Fetcher } from '../application/ports/fetcher';
import type { WaitIndex } from '../application/waiting/wait-index';
import type { ModelFolder } from './models/model-folder';
import type { WatchedActiveVersions } from './watched-active-versions';

/** Lets go of what the module holds, after the last run. */
export class LifeCycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly active: WatchedActiveVersions,
    private readonly waits: WaitIndex,
    private readonly fetcher: Fetcher,
    private readonly folder: ModelFolder,
    private readonly presence: Presence,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.presence.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.presence.stop();
    await this.active.stop();
    await this.waits.stop();
    await this.fetcher.close();
    await this.folder.close();
  }
}
