import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AppInstanceSchema, AppPermissionsSchema, AppSchema, AppVersionSchema, MountedAppSchema } from '@millrace/contracts';
import { DomainError, type Json, type JsonMap } from '@millrace/kernel';
import type { UpgradeView } from '../../../application/apps/change-instances';
import type { InstanceView } from '../../../application/apps/instances';
import type { Mount } from '../../../application/apps/mounts';
import type { OfferedVersion } from '../../../application/apps/publish-app';
import type { AppView } from '../../../application/apps/read-apps';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function jsonBytes(value: Json): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

/** The configuration that the bytes of a field hold; `{}` for none. */
export function configIn(bytes: Uint8Array): JsonMap {
  if (bytes.length === 0) return {};
  const value = JSON.parse(decoder.decode(bytes)) as Json;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonMap;
  throw new DomainError('apps.config_not_object', 'invalid', 'The configuration must be a JSON object.', {
    errors: [{ pointer: '/config', code: 'type', detail: 'Send a JSON object.' }],
  });
}

/** An app that was asked for by itself: with how it is used. */
export function appMessage(view: AppView): MessageInitShape<typeof AppSchema> {
  return { ...listedApp(view), docs: view.app.docs ?? '' };
}

export function listedApp({ app, revision, own, latest }: AppView): MessageInitShape<typeof AppSchema> {
  const { slug, workspaceId, name, description, photo = '', visibility, listedFor, createdAt, updatedAt } = app;
  return {
    ...{ slug, workspaceId, name, description, photo, visibility, listedFor: own ? [...listedFor] : [] },
    latest,
    createdAt: timestampFromMs(createdAt),
    updatedAt: timestampFromMs(updatedAt),
    etag: String(revision),
  };
}

export function versionMessage({ app, version, contract }: OfferedVersion): MessageInitShape<typeof AppVersionSchema> {
  const { number, changes, digest, state, reason, publishedBy, publishedAt, permissions } = version;
  return {
    ...{ app, number, changes, digest, state, reason, publishedBy, publishedAt: timestampFromMs(publishedAt) },
    permissions: permissionsMessage(contract.permissions, permissions),
    automations: contract.automations.map((one) => ({ slug: one.slug, name: one.name, arguments: jsonBytes(one.arguments) })),
    events: [...contract.events],
    configSchema: jsonBytes(contract.config),
  };
}

export function instanceMessage(view: InstanceView): MessageInitShape<typeof AppInstanceSchema> {
  const { installed, locked, contract, consented, newer, revision } = view;
  const { slug, app, range, disabled, labels } = installed;
  return {
    ...{ slug, app, range, disabled, labels: [...labels], consented, newer, etag: String(revision) },
    version: locked?.version ?? '',
    digest: locked?.digest ?? '',
    ...(contract === undefined || locked === undefined ? {} : { permissions: permissionsMessage(contract.permissions, locked.consent) }),
  };
}

export function upgradeMessage({ instance, ...differences }: UpgradeView) {
  const { from, to, breaking, added, removed, config } = differences;
  return {
    ...{ instance: instanceMessage(instance), from, to },
    ...{ breaking: [...breaking], added: [...added], removed: [...removed], config: [...config] },
  };
}

/** What a runtime has to know of an app where it stands. */
export function mountMessage({ installed, app, version, contract }: Mount): MessageInitShape<typeof MountedAppSchema> {
  return {
    ...{ slug: app.slug, version: version.number, disabled: installed.disabled, config: jsonBytes(installed.config) },
    permissions: permissionsMessage(contract.permissions, version.permissions),
  };
}

function permissionsMessage(
  permissions: OfferedVersion['contract']['permissions'],
  digest: string,
): MessageInitShape<typeof AppPermissionsSchema> {
  const { reads, emits, hosts, secrets, files, actions, topics, apps } = permissions;
  return {
    ...{ digest, files, reads: [...reads], emits: [...emits], hosts: [...hosts] },
    ...{ secrets: [...secrets], actions: [...actions], topics: [...topics], apps: [...apps] },
  };
}
