import { ConfigService } from '@millrace/contracts';
import { servicePrincipal, type Clock, type Json } from '@millrace/kernel';
import type { WriteRequest } from '@millrace/language';
import type { Bucket, Bus, Entry } from '@millrace/messaging';
import { Configurations, type ConfigOrder, type ConfigPlace, type WrittenConfig } from '../application/ports/configurations';

const PATIENCE = 10_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Configurations as the service of workspaces tells them in the bucket `configs`; written by a call. */
export class BusConfigurations extends Configurations {
  constructor(
    private readonly bus: Bus,
    private readonly bucket: Pick<Bucket, 'get' | 'list'>,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async read({ workspaceId, instance }: ConfigPlace): Promise<WrittenConfig> {
    const entry = await this.bucket.get(`${workspaceId}/${instance === '' ? '=' : instance}`);
    return entry === undefined ? { revision: 0, values: {} } : recordIn(entry);
  }

  override async list(workspaceId: string): Promise<readonly (ConfigPlace & WrittenConfig)[]> {
    return (await this.bucket.list(`${workspaceId}/`)).map(recordIn);
  }

  override async write(order: ConfigOrder): Promise<{ readonly revision: number; readonly value: Json }> {
    const { workspaceId, instance, schema, declared, writes, by, flush, seen, most, settled, correlationId, traceparent } = order;
    const asked = {
      ...{ workspaceId, instance, most },
      ...{ schema: bytes(schema), declared: bytes(declared), seen: BigInt(seen) },
      writes: writes.map(writeMessage),
      by: { ...by, ...flush },
      settled: Object.fromEntries([...settled].map(([run, before]) => [run, Math.min(before, LAST)])),
    };
    const { revision, value } = await this.bus.call(ConfigService.method.writeConfig, asked, {
      ...{ principal: servicePrincipal('runtime'), correlationId, deadline: this.clock.now() + PATIENCE },
      ...(flush === undefined ? {} : { causationId: flush.run }),
      ...(traceparent === undefined ? {} : { traceparent }),
    });
    return { revision: Number(revision), value: JSON.parse(decoder.decode(value)) as Json };
  }
}

/** Of a run that has ended all numbers are smaller. */
const LAST = 2 ** 32 - 1;

function writeMessage({ path, op, value, expect }: WriteRequest) {
  return {
    ...{ path: path.map(String), op },
    ...(value === undefined ? {} : { value: bytes(value) }),
    ...(expect === undefined ? {} : { expect: bytes(expect.value) }),
  };
}

function bytes(value: Json): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

function recordIn({ value }: Entry): ConfigPlace & WrittenConfig {
  return JSON.parse(decoder.decode(value)) as ConfigPlace & WrittenConfig;
}
