import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ConfigService,
  type ConfigSchema,
  type ConfigWrite,
  type GetConfigRequest,
  type SetConfigRequest,
  type WriteConfigRequest,
} from '@millrace/contracts';
import { DomainError, type Json, type JsonMap, type Principal } from '@millrace/kernel';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ConfigureWorkspace, type ConfigurationView } from '../../../application/configuring/configure-workspace';
import { WriteConfig, type ConfigOrder } from '../../../application/configuring/write-config';

const { method } = ConfigService;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The calls on the configuration of a workspace. */
@Controller()
export class ConfigRpc {
  constructor(
    @Inject(ConfigureWorkspace) private readonly configure: ConfigureWorkspace,
    @Inject(WriteConfig) private readonly writeConfig: WriteConfig,
  ) {}

  @Rpc(method.getConfig)
  async get({ workspaceId }: GetConfigRequest, context: CallContext) {
    return { config: configMessage(await this.configure.get(context, workspaceId)) };
  }

  @Rpc(method.setConfig)
  async set({ workspaceId, schema, value, ifMatch }: SetConfigRequest, context: CallContext) {
    const wanted = { value: mapIn(value, 'value'), ...(schema.length === 0 ? {} : { schema: mapIn(schema, 'schema') }) };
    return { config: configMessage(await this.configure.set(context, workspaceId, wanted, { ifMatch })) };
  }

  @Rpc(method.writeConfig)
  async write(request: WriteConfigRequest, context: CallContext) {
    const { revision, value } = await this.writeConfig.run(context, orderIn(request));
    return { revision: BigInt(revision), value: encoder.encode(JSON.stringify(value)) };
  }
}

function orderIn({ workspaceId, instance, schema, declared, writes, by, seen, most, settled }: WriteConfigRequest): ConfigOrder {
  const { kind = '', id = '', onBehalfOf = '', run = '', number = 0 } = by ?? {};
  return {
    ...{ workspaceId, instance, most, settled, seen: Number(seen) },
    ...{ schema: mapIn(schema, 'schema'), declared: mapIn(declared, 'declared') },
    writes: writes.map(writeIn),
    by: { kind: kind as Principal['kind'], id, ...(onBehalfOf === '' ? {} : { onBehalfOf }) },
    ...(run === '' ? {} : { name: { run, number } }),
  };
}

function writeIn({ path, op, value, expect }: ConfigWrite): ConfigOrder['writes'][number] {
  return {
    path,
    op: op as ConfigOrder['writes'][number]['op'],
    ...(value.length === 0 ? {} : { value: jsonIn(value) }),
    ...(expect.length === 0 ? {} : { expect: { value: jsonIn(expect) } }),
  };
}

function jsonIn(bytes: Uint8Array): Json {
  return JSON.parse(decoder.decode(bytes)) as Json;
}

function configMessage({ schema, value, file, written, sources }: ConfigurationView): MessageInitShape<typeof ConfigSchema> {
  return {
    schema: encoder.encode(JSON.stringify(schema)),
    value: encoder.encode(JSON.stringify(value)),
    written: encoder.encode(JSON.stringify(written)),
    sources: { ...sources },
    etag: String(file?.revision ?? 0),
    ...(file === undefined ? {} : { updatedBy: file.updatedBy, updatedAt: timestampFromMs(file.updatedAt) }),
  };
}

function mapIn(bytes: Uint8Array, field: string): JsonMap {
  const value = jsonIn(bytes);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  const detail = `The ${field} must be a JSON object.`;
  throw new DomainError('workspaces.config_not_object', 'invalid', detail, { errors: [{ pointer: `/${field}`, code: 'type', detail }] });
}
