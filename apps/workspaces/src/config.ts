import { ConfigTexts, readSettings, shownSettings, type Environment } from '@millrace/service';
import { z } from 'zod';

const BYTES = 32;
const DAY = 86_400;
const LARGEST_SOURCE = 256 * 1024;
const MOST_WORKSPACES = 1_000_000;
const MOST_APPS = 100_000;

/** What the environment may say to the service of workspaces, by name of setting; `docs/reference/config.md` is made of it. */
export const workspacesSettings = z.object({
  /** 32 bytes as base64 that seal the secrets of all workspaces and sign links to files; made at the first start and kept in key-value when absent. */
  masterKey: z
    .string()
    .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
    .refine((bytes) => bytes.length === BYTES, 'is not 32 bytes as base64: `openssl rand -base64 32` makes some.')
    .optional(),
  /** Seconds for which a deleted workspace can be had back. Then it goes for good, with all that any service keeps of it. */
  deletedSeconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(400 * DAY)
    .default(30 * DAY),
  /** Milliseconds between two times of a schedule at least: what fires more often is not published. */
  scheduleMin: z.coerce.number().int().min(1_000).max(60_000).default(10_000),
  /** Characters of an automation, a declared event or `workspace.yaml`: a larger one is not published. What runs keeps running. */
  languageMaxSource: z.coerce.number().int().min(1_024).max(LARGEST_SOURCE).default(LARGEST_SOURCE),
  /** Who may create workspaces: `everyone` who is signed in, or `admins` of the platform. */
  workspacesCreatedBy: z.enum(['everyone', 'admins']).default('everyone'),
  /** Workspaces that one person may own. Who has more already keeps them. */
  workspacesOwned: z.coerce.number().int().min(1).max(MOST_WORKSPACES).default(50),
  /** Workspaces that the platform may have; deleted ones are none of them. */
  workspacesMost: z.coerce.number().int().min(1).max(MOST_WORKSPACES).default(10_000),
  /** Apps that the platform may have; an app keeps its slug and its place for good. */
  appsMost: z.coerce.number().int().min(1).max(MOST_APPS).default(1_000),
});

export interface WorkspacesConfig extends z.infer<typeof workspacesSettings> {
  /** What the environment says of configurations. */
  readonly configTexts: ConfigTexts;
}

/** The settings of the service of workspaces. */
export function workspacesConfig(environment: Environment): WorkspacesConfig {
  return { ...readSettings(workspacesSettings, environment), configTexts: ConfigTexts.of(environment) };
}

/** The same settings, as operators may see them. */
export function shownWorkspacesConfig(environment: Environment): ReturnType<typeof shownSettings> {
  return shownSettings(workspacesSettings, environment);
}
