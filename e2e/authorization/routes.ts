import { CALLS, type Routed, type Sent } from './requests';

const ARCHIVE: Sent = { method: 'POST', body: 'no archive', headers: { 'content-type': 'application/gzip' } };
const FORM: Sent = { method: 'POST', body: '--x--', headers: { 'content-type': 'multipart/form-data; boundary=x' } };
const BYTES: Sent = { method: 'PUT', body: 'bytes', headers: { 'content-type': 'text/plain' } };
const W = '/v1/workspaces/{workspace_id}';

/** What passes bytes or events through the door, and so is no call. */
const PASSED: readonly Routed[] = [
  passed('GET', `${W}/events:export`, 'export events'),
  passed('GET', `${W}/events:stream`, 'read events'),
  passed('GET', '/v1/me/events:stream'),
  passed('GET', `${W}/files/{file_id}/content`, 'read files'),
  passed('POST', `${W}/files`, 'create files', FORM),
  passed('PUT', `${W}/files/{file_id}/content`, 'update files', BYTES),
  passed('GET', `${W}/versions/{version}:export`, 'export versions'),
  passed('GET', `${W}/draft:content?path=assets/x`, 'read automations'),
  passed('POST', `${W}/draft:stage-asset`, 'manage automations', {
    method: 'POST',
    body: 'bytes',
    headers: { 'content-type': 'image/png' },
  }),
  passed('POST', '/v1/workspaces:import', undefined, ARCHIVE),
  passed('POST', `${W}:import`, 'manage automations', ARCHIVE),
];

/** Every route where rights decide, by its name. */
export const ROUTES: readonly Routed[] = [...CALLS, ...PASSED].sort((a, b) => (a.name < b.name ? -1 : 1));

function passed(verb: string, path: string, rule?: string, sent: Sent = { method: verb }): Routed {
  const [action = '', subject = ''] = rule?.split(' ') ?? [];
  return {
    name: `${verb} ${path}`,
    ...(rule === undefined ? {} : { rule: { action, subject } }),
    asked: (workspaceId) => [path.replace('{workspace_id}', workspaceId).replace(/\{\w+\}/, 'x'), sent],
  };
}
