import { DraftsService, ExchangeService, JobsService, VersionsService } from '@millrace/contracts';
import { ANY_BYTES, FORM_TYPE, type HandRoute } from './hand-route';

const { openDraftFile, stageAsset } = DraftsService.method;
const { importWorkspace } = ExchangeService.method;
const { getJob } = JobsService.method;
const { exportVersion } = VersionsService.method;

const IMPORT = {
  verb: 'post',
  routeClass: 'import',
  parameters: ['PreferWait'],
  query: { of: importWorkspace.input, fields: ['name', 'slug', 'app', 'prune', 'dryRun'] },
  takes: [ANY_BYTES, FORM_TYPE, '*/*'],
} as const;
const LATER = {
  status: 202,
  says: 'It goes on; this is its job.',
  headers: ['LaterLocation', 'Retry-After', 'Preference-Applied'],
  body: getJob,
} as const;
const PREFERRED = ['Preference-Applied'];

export const IMPORT_NEW: HandRoute = {
  ...IMPORT,
  id: 'importNewWorkspace',
  path: '/v1/workspaces:import',
  tag: 'workspaces',
  says: 'Makes a workspace of an archive: of the body, or of the one file of a form. 200 when only asked what would be done.',
  permission: 'me',
  answers: [
    { status: 200, says: 'What would be done.', headers: PREFERRED, body: importWorkspace },
    { status: 201, says: 'Made.', headers: ['Location', ...PREFERRED], body: importWorkspace },
    LATER,
  ],
  refusals: [401, 404, 409, 422],
};

export const IMPORT_INTO: HandRoute = {
  ...IMPORT,
  id: 'importWorkspace',
  path: '/v1/workspaces/{workspaceId}:import',
  tag: 'workspaces',
  says: 'Makes the files of an archive those of the draft, all or none. The archive is the body, or the one file of a form.',
  permission: 'manage automations',
  answers: [{ status: 200, says: 'As asked.', headers: PREFERRED, body: importWorkspace }, LATER],
  refusals: [401, 404, 409, 422],
};

export const EXPORT_VERSION: HandRoute = {
  id: 'exportVersion',
  verb: 'get',
  path: '/v1/workspaces/{workspaceId}/versions/{version}:export',
  routeClass: 'export',
  tag: 'versions',
  says: 'Gives a version out as an archive, while it is packed.',
  permission: 'read versions',
  query: { of: exportVersion.input, fields: ['format', 'apps'] },
  answers: [{ status: 200, says: 'The archive.', headers: ['Content-Disposition'], body: ['application/zip', 'application/gzip'] }],
  refusals: [401, 404, 409, 413, 422],
};

export const STAGE_ASSET: HandRoute = {
  id: 'stageAsset',
  verb: 'post',
  path: '/v1/workspaces/{workspaceId}/draft:stage-asset',
  routeClass: 'upload',
  tag: 'drafts',
  says: 'Takes in the bytes of an asset for an apply, and answers their digest; no file changes by it.',
  permission: 'manage automations',
  takes: [ANY_BYTES, '*/*'],
  answers: [{ status: 200, says: 'Taken.', body: stageAsset }],
  refusals: [401, 404, 409, 422],
};

export const DRAFT_CONTENT: HandRoute = {
  id: 'downloadDraftFile',
  verb: 'get',
  path: '/v1/workspaces/{workspaceId}/draft:content',
  routeClass: 'read',
  tag: 'drafts',
  says: 'Gives a file of the draft out byte for byte.',
  permission: 'read automations',
  query: { of: openDraftFile.input, fields: ['path'] },
  answers: [{ status: 200, says: 'The bytes of the file.', headers: ['ETag', 'Content-Disposition'], body: [ANY_BYTES] }],
  refusals: [401, 404, 422],
};
