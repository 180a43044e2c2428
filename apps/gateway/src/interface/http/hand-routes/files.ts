import { FilesService } from '@millrace/contracts';
import { ANY_BYTES, FORM_TYPE, type HandAnswer, type HandRoute } from './hand-route';

const { commitContent, commitFile } = FilesService.method;
const CONTENT = '/v1/workspaces/{workspaceId}/files/{fileId}/content';
const TOLD = ['ETag', 'Content-Disposition', 'Accept-Ranges', 'Last-Modified'];

/** Of a file that is given out: whole, in part, or not at all when the caller has it. */
const GIVEN: readonly HandAnswer[] = [
  { status: 200, says: 'The bytes of the file.', headers: TOLD, body: ['*/*'] },
  { status: 206, says: 'The part that was asked for.', headers: [...TOLD, 'Content-Range'], body: ['*/*'] },
  { status: 304, says: 'The caller holds what there is.', headers: ['ETag'] },
];
const CONDITIONS = ['Range', 'IfRange', 'IfNoneMatch'];

export const CREATE_FILE: HandRoute = {
  id: 'createFile',
  verb: 'post',
  path: '/v1/workspaces/{workspaceId}/files',
  routeClass: 'upload',
  tag: 'files',
  says: 'Takes a file in: its bytes as the body, or as the one file of a form. What is said of it stands in the query, or in the fields of the form, each once.',
  permission: 'create files',
  query: { of: commitFile.input, fields: ['name', 'visibility', 'metadata', 'expiresAt'] },
  takes: [ANY_BYTES, FORM_TYPE, '*/*'],
  answers: [{ status: 201, says: 'Made.', headers: ['ETag', 'Location'], body: commitFile }],
  refusals: [401, 404, 409, 422],
};

export const REPLACE_CONTENT: HandRoute = {
  id: 'replaceFileContent',
  verb: 'put',
  path: CONTENT,
  routeClass: 'upload',
  tag: 'files',
  says: 'Gives a file other bytes: those of the body.',
  permission: 'update files',
  parameters: ['IfMatch'],
  takes: [ANY_BYTES, '*/*'],
  answers: [{ status: 200, says: 'As asked.', headers: ['ETag'], body: commitContent }],
  refusals: [401, 404, 409, 412, 422, 428],
};

export const DOWNLOAD_FILE: HandRoute = {
  id: 'downloadFile',
  verb: 'get',
  path: CONTENT,
  routeClass: 'read',
  tag: 'files',
  says: 'Gives the bytes of a file out, or one range of them. More ranges than one are answered with all. A public file is given to anybody.',
  permission: 'read files',
  credential: 'maybe',
  parameters: CONDITIONS,
  answers: GIVEN,
  refusals: [401, 404, 416, 422],
};

export const DOWNLOAD_LINK: HandRoute = {
  id: 'downloadLink',
  verb: 'get',
  path: '/v1/files/{token}',
  routeClass: 'read',
  tag: 'files',
  says: 'Gives the bytes of a file out to whoever has a link to it, or one range of them. No other credential is looked at.',
  permission: 'public',
  credential: 'never',
  parameters: CONDITIONS,
  answers: GIVEN,
  refusals: [404, 416, 422],
};
