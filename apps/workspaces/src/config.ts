import { readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const BYTES = 32;

const schema = z.object({
  /** 32 bytes as base64 that seal the secrets of all workspaces and sign links to files; made at the first start and kept in key-value when absent. */
  masterKey: z
    .string()
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .refine((bytes) => bytes.length === BYTES, 'is not 32 bytes as base64: `openssl rand -base64 32` makes some.')
    .optional(),
});

export type WorkspacesConfig = z.infer<typeof schema>;

/** The settings of the service of workspaces. */
export function workspacesConfig(environment: Environment): WorkspacesConfig {
  return readSettings(schema, environment);
}

/** The same settings, as operators may see them. */
export function shownWorkspacesConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(schema, environment);
}
