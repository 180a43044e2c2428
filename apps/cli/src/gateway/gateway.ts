import { adminPort } from '../config';
import { misused } from '../refused';
import type { Perform } from '../usage/command';
import { askGateway } from './ask';
import { explanation } from './report';

/** `millrace gateway explain METHOD PATH`. */
export const performGateway: Perform = async (invocation, { output }) => {
  const [word, method, path] = invocation.operands;
  if (word !== 'explain' || method === undefined || path?.startsWith('/') !== true) {
    throw misused(
      'What shall be explained is written `millrace gateway explain METHOD PATH`.',
      'For example: millrace gateway explain GET /v1/workspaces',
    );
  }
  const host = invocation.value('host');
  const query = { method: method.toUpperCase(), path, ...(host === undefined ? {} : { host }) };
  const answer = await askGateway(adminPort(invocation.value('admin')), 'explain', query);
  const wantsJson = invocation.on('json') || invocation.value('output') === 'json';
  output.write(wantsJson ? `${JSON.stringify(answer)}\n` : explanation(answer));
  return 0;
};
