import type { Collection, Stored } from '@millrace/documents';
import { configId, unwritten, writtenRevision, type WrittenConfig } from '../../domain/configuring/written-config';
import { answering, ensure, type Answering } from '../ensure';
import type { ConfigRecords } from '../ports/config-records';

/** Which configuration: of a workspace, or of an app instance in it. */
export type ConfigPlace = Pick<WrittenConfig, 'workspaceId' | 'instance'>;

/** A configuration's overwrites are never removed on their own. */
interface ConfigChange<R> extends Answering<WrittenConfig, R> {
  readonly document: WrittenConfig;
}

/** What automations have written over configurations, and its copies for runtimes: a change is told to them before it is answered, and again when its event comes by. */
export class WrittenConfigs {
  constructor(
    private readonly configs: Collection<WrittenConfig>,
    private readonly records: ConfigRecords,
  ) {}

  async find(place: ConfigPlace): Promise<WrittenConfig> {
    return (await this.configs.find(configId(place)))?.document ?? unwritten(place.workspaceId, place.instance);
  }

  /** `change` is given the revision that writers know: 0 while nothing is written. */
  async change<R>(place: ConfigPlace, change: (config: WrittenConfig, revision: number) => ConfigChange<R>): Promise<R> {
    const { workspaceId, instance } = place;
    await ensure(this.configs, configId(place), () => unwritten(workspaceId, instance));
    const result = await answering(this.configs, configId(place), (config, revision) => change(config, writtenRevision(revision)));
    await this.tell(await this.configs.get(configId(place)));
    return result;
  }

  /** Tells runtimes of all there is of a workspace. */
  async tellAll(workspaceId: string): Promise<void> {
    for await (const stored of this.allOf(workspaceId)) await this.tell(stored);
  }

  /** Writes over the configurations of a workspace that nobody finds yet what is written over those of another; answers which of them, and names of values. */
  async copy(from: string, to: string): Promise<readonly { readonly instance: string; readonly changed: readonly string[] }[]> {
    const copied = [];
    for await (const { document } of this.allOf(from)) {
      const { instance, values } = document;
      const changed = Object.keys(values);
      if (changed.length === 0) continue;
      const place = { workspaceId: to, instance };
      await ensure(this.configs, configId(place), () => unwritten(to, instance));
      await this.configs.update(configId(place), () => ({ document: { ...unwritten(to, instance), values }, events: [] }));
      copied.push({ instance, changed });
    }
    return copied;
  }

  private allOf(workspaceId: string): AsyncGenerator<Stored<WrittenConfig>> {
    return this.configs.each({ where: { workspace: workspaceId } });
  }

  /** Runtimes forget what there is of a workspace. */
  forget(workspaceId: string): Promise<void> {
    return this.records.remove(workspaceId);
  }

  private async tell({ document, revision }: Stored<WrittenConfig>): Promise<void> {
    const { workspaceId, instance, values } = document;
    if (writtenRevision(revision) > 0) await this.records.put({ workspaceId, instance, values, revision });
  }
}
