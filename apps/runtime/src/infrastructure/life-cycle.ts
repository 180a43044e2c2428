import type { OnApplicationShutdown } from '@nestjs/common';
import type { Fetcher } from '../application/ports/fetcher';
import type { WaitIndex } from '../application/waiting/wait-index';
import type { WatchedActiveVersions } from './watched-active-versions';

/** Lets go of what the module holds, after the last run. */
export class LifeCycle implements OnApplicationShutdown {
  constructor(
    private readonly active: WatchedActiveVersions,
    private readonly waits: WaitIndex,
    private readonly fetcher: Fetcher,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.active.stop();
    await this.waits.stop();
    await this.fetcher.close();
  }
}
