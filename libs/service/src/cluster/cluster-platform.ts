import { join } from 'node:path';
import { S3Blobs, type Blobs } from '@millrace/blobs';
import { MongoDocuments, OutboxRelay } from '@millrace/documents';
import { ElasticsearchHistory, type History } from '@millrace/history';
import type { Clock } from '@millrace/kernel';
import { JetStreamEventLog, NatsKeyValue, NatsWire, type EventLog, type KeyValue } from '@millrace/messaging';
import { PinoLog } from '@millrace/observability';
import { SystemClock, SystemIds } from '../machine/machine';
import { NearServers } from '../near-servers';
import { notNeeded } from '../not-needed';
import type { Need, Platform } from '../platform';
import type { ClusterProcessSettings } from '../settings/process-settings';
import { BLOBS, DOCUMENTS, EVENT_LOG, HISTORY, KEY_VALUE, LAST_BUCKET } from '../stores';
import { Dependencies, type DependenciesOptions } from './dependencies';
import { natsConnection } from './nats-connection';
import { prepareServers } from './prepare-servers';

/** Who stands on the platform: the services of this process, or the one it is. */
export interface Standing {
  /** Names its connections, for whoever looks at the servers. */
  readonly name: string;
  readonly needs: readonly Need[];
}

type Found = { readonly [N in Exclude<Need, 'documents'>]?: N extends 'eventLog' ? EventLog : N extends 'history' ? History : Blobs };

/**
 * Everything in servers that many processes share: NATS for wire, log and key-value, MongoDB for documents, Elasticsearch for history, S3
 * for blobs. Opens what `needs` names, and waits for what is not there yet. Rejects with what no waiting mends.
 */
export async function openClusterPlatform(
  settings: ClusterProcessSettings,
  { name, needs }: Standing,
  onDependency?: DependenciesOptions['onDependency'],
): Promise<Platform> {
  const clock = new SystemClock();
  const log = new PinoLog(name, settings.logLevel);
  const dependencies = new Dependencies({ log, ...(onDependency && { onDependency }) });
  try {
    await prepareServers(dependencies, settings, clock);
    const keyValue = await reachKeyValue(dependencies, settings, name);
    const found = await reachAll(dependencies, { settings, clock, name, needs });
    return platformOf({ settings, clock, name, keyValue, found, dependencies });
  } catch (error) {
    await dependencies.close();
    throw error;
  }
}

interface Reaching {
  readonly settings: ClusterProcessSettings;
  readonly clock: Clock;
  readonly name: string;
}

async function reachKeyValue(dependencies: Dependencies, settings: ClusterProcessSettings, name: string): Promise<KeyValue> {
  return dependencies.reach<KeyValue>({
    ...KEY_VALUE,
    open: async () => {
      const connection = natsConnection(settings, `${name} key-value`);
      const keyValue = await NatsKeyValue.connect({ connection, replicas: settings.natsReplicas });
      await keyValue.bucket(LAST_BUCKET).catch(async (error: unknown) => {
        await keyValue.close();
        throw error;
      });
      return keyValue;
    },
    close: (keyValue) => keyValue.close(),
  });
}

async function reachAll(dependencies: Dependencies, reaching: Reaching & { readonly needs: readonly Need[] }): Promise<Found> {
  const { needs } = reaching;
  const [eventLog, history, blobs] = await Promise.all([
    needs.includes('eventLog') || needs.includes('documents') ? reachEventLog(dependencies, reaching) : undefined,
    needs.includes('history') ? reachHistory(dependencies, reaching.settings) : undefined,
    needs.includes('blobs') ? reachBlobs(dependencies, reaching.settings) : undefined,
  ]);
  return { ...(eventLog && { eventLog }), ...(history && { history }), ...(blobs && { blobs }) };
}

function reachEventLog(dependencies: Dependencies, { settings, clock, name }: Reaching): Promise<EventLog> {
  const { durability, natsMonitorUrl, natsReplicas } = settings;
  return dependencies.reach<EventLog>({
    ...EVENT_LOG,
    open: () =>
      JetStreamEventLog.open({
        connection: natsConnection(settings, `${name} log`),
        clock,
        durability,
        replicas: natsReplicas,
        ...(natsMonitorUrl !== undefined && { monitor: natsMonitorUrl }),
        chance: () => Math.random(),
      }),
    capabilities: { durability, replicas: natsReplicas },
    close: (eventLog) => eventLog.close(),
  });
}

function reachHistory(dependencies: Dependencies, { elasticsearchUrl = '', installation }: ClusterProcessSettings): Promise<History> {
  return dependencies.reach<History>({
    ...HISTORY,
    open: () => ElasticsearchHistory.open({ url: elasticsearchUrl, prefix: `${installation}-events` }),
    close: (history) => history.close(),
  });
}

function reachBlobs(dependencies: Dependencies, settings: ClusterProcessSettings): Promise<Blobs> {
  const { s3Url: url = '', s3AccessKey: accessKey = '', s3SecretKey: secretKey = '', s3Bucket, installation } = settings;
  return dependencies.reach<Blobs>({
    ...BLOBS,
    open: () => S3Blobs.open({ url, accessKey, secretKey, bucket: s3Bucket ?? installation }),
    close: async () => undefined,
  });
}

interface Opened extends Reaching {
  readonly keyValue: KeyValue;
  readonly found: Found;
  readonly dependencies: Dependencies;
}

function platformOf({ settings, clock, name, keyValue, found, dependencies }: Opened): Platform {
  const { logLevel } = settings;
  const needed = <N extends keyof Found>(need: N): NonNullable<Found[N]> => {
    const it = found[need];
    if (it === undefined) throw notNeeded(need, name);
    return it;
  };
  return {
    clock,
    ids: new SystemIds(clock),
    keyValue,
    nearServers: new NearServers(),
    get eventLog() {
      return needed('eventLog');
    },
    get history() {
      return needed('history');
    },
    get blobs() {
      return needed('blobs');
    },
    connect: (service) =>
      dependencies.reach({
        name: 'wire',
        open: () => NatsWire.connect({ connection: natsConnection(settings, service) }),
        close: (wire) => wire.close(),
      }),
    documents: async (service) => {
      const documents = await reachDocuments(dependencies, settings, service);
      const outbox = new OutboxRelay(documents.outbox, needed('eventLog'), { clock, log: new PinoLog(service, logLevel) });
      outbox.start();
      return { documents, outbox };
    },
    scratch: (service) => join(settings.data, 'scratch', service),
    log: (service) => new PinoLog(service, logLevel),
    dependencies: () => dependencies.watched(),
    close: () => dependencies.close(),
  };
}

function reachDocuments(dependencies: Dependencies, settings: ClusterProcessSettings, service: string): Promise<MongoDocuments> {
  const { mongodbUrl = '', installation } = settings;
  return dependencies.reach({
    ...DOCUMENTS,
    open: () => MongoDocuments.open({ url: mongodbUrl, database: `${installation}-${service}` }),
    close: (documents) => documents.close(),
  });
}
