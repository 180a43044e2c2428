import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AutomationSchema, VersionSchema, WorkspaceSchema } from '@millrace/contracts';
import type { UpdatedAutomation } from '../../application/automations/update-automation';
import type { AutomationView } from '../../application/put-automation';
import { revisedOf, type VersionView, type WorkspaceView } from '../../application/read-workspaces';
import type { Workspace } from '../../application/update-workspace';

/** A workspace as callers see it. */
export function workspaceMessage({
  stored: { document, revision },
  active,
  role,
  freezes = [],
  draftDigest = '',
}: WorkspaceView): MessageInitShape<typeof WorkspaceSchema> {
  const { id, slug, name, description, state, owner, createdAt, updatedAt, labels = [], transfer } = document;
  return {
    id,
    slug,
    name,
    description,
    state,
    role,
    owner,
    createdAt: timestampFromMs(createdAt),
    updatedAt: timestampFromMs(updatedAt),
    etag: String(revision),
    freezes: [...freezes],
    suspensionReason: document.suspension?.reason ?? '',
    labels: [...labels],
    names: document.names ?? {},
    descriptions: document.descriptions ?? {},
    photo: document.photo ?? '',
    draftDigest,
    settings: settingsMessage(document),
    ...(transfer === undefined ? {} : { transfer: { memberId: transfer.member, until: timestampFromMs(transfer.until) } }),
    ...(active === undefined ? {} : { activeVersion: versionMessage(active) }),
  };
}

/** A workspace as those see it who have no part in it. */
export function listedMessage({
  id,
  slug,
  name,
  description,
  photo = '',
  labels = [],
}: Workspace): MessageInitShape<typeof WorkspaceSchema> {
  return { id, slug, name, description, photo, labels: [...labels] };
}

function settingsMessage({
  allowedOrigins = [],
  unknownEvents = 'allow',
  autoUpgrade = 'none',
  publishing = 'manual',
  fileTypes = [],
  egress = [],
  listed = false,
  zone = '',
  locale = '',
}: Workspace) {
  const lists = { allowedOrigins: [...allowedOrigins], fileTypes: [...fileTypes], egress: [...egress] };
  return { ...lists, unknownEvents, autoUpgrade, publishing, listed, zone, locale };
}

/** `problems`: what whoever published it was warned of. */
export function versionMessage(version: VersionView, problems: AutomationView['problems'] = []): MessageInitShape<typeof VersionSchema> {
  const { id, number, name = '', message, digest, parent = '', lock = '', author, publishedAt, changes } = version;
  return {
    ...{ id, number, name, message, digest, parent, lockDigest: lock, author, changes, publishedAt: timestampFromMs(publishedAt) },
    problems: problems.map(problemMessage),
    etag: String(revisedOf(version).revision),
  };
}

/** What a renaming did besides. */
type Renamed = Pick<UpdatedAutomation, 'rewritten' | 'left'>;

export function automationMessage(
  { slug, file, described, text, problems }: AutomationView,
  { rewritten, left }: Renamed = { rewritten: [], left: [] },
): MessageInitShape<typeof AutomationSchema> {
  const { name, description, labels, listens, emits, calls, endpoint, disabled, private: isPrivate } = described;
  return {
    slug,
    name,
    description,
    labels: [...labels],
    listens: [...listens],
    emits: [...emits],
    calls: [...calls],
    disabled,
    private: isPrivate,
    endpoint: endpoint ?? '',
    source: text ?? '',
    digest: file.digest,
    updatedBy: file.updatedBy,
    updatedAt: timestampFromMs(file.updatedAt),
    etag: String(file.revision),
    problems: problems.map(problemMessage),
    rewritten: [...rewritten],
    left: [...left],
  };
}

export function problemMessage({ code, severity, file, line, column, message }: AutomationView['problems'][number]) {
  return { code, severity, file, line, column, message };
}
