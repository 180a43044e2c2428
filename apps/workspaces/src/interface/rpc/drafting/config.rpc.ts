import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ConfigService, type ConfigSchema, type GetConfigRequest, type SetConfigRequest } from '@millrace/contracts';
import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import { Rpc, type CallContext } from '@millrace/messaging';
import { Controller, Inject } from '@nestjs/common';
import { ConfigureWorkspace, type ConfigurationView } from '../../../application/configuring/configure-workspace';

const { method } = ConfigService;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The calls on the configuration of a workspace. */
@Controller()
export class ConfigRpc {
  constructor(@Inject(ConfigureWorkspace) private readonly configure: ConfigureWorkspace) {}

  @Rpc(method.getConfig)
  async get({ workspaceId }: GetConfigRequest, context: CallContext) {
    return { config: configMessage(await this.configure.get(context, workspaceId)) };
  }

  @Rpc(method.setConfig)
  async set({ workspaceId, schema, value, ifMatch }: SetConfigRequest, context: CallContext) {
    const wanted = { value: mapIn(value, 'value'), ...(schema.length === 0 ? {} : { schema: mapIn(schema, 'schema') }) };
    return { config: configMessage(await this.configure.set(context, workspaceId, wanted, { ifMatch })) };
  }
}

function configMessage({ schema, value, file }: ConfigurationView): MessageInitShape<typeof ConfigSchema> {
  return {
    schema: encoder.encode(JSON.stringify(schema)),
    value: encoder.encode(JSON.stringify(value)),
    etag: String(file?.revision ?? 0),
    ...(file === undefined ? {} : { updatedBy: file.updatedBy, updatedAt: timestampFromMs(file.updatedAt) }),
  };
}

function mapIn(bytes: Uint8Array, field: string): JsonMap {
  const value = JSON.parse(decoder.decode(bytes)) as Json;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  const detail = `The ${field} must be a JSON object.`;
  throw new DomainError('workspaces.config_not_object', 'invalid', detail, { errors: [{ pointer: `/${field}`, code: 'type', detail }] });
}
