import type { Share } from '../../domain/sharing/share';
import type { Fact } from '../facts';

/** What is told of a share. No address: histories are kept for longer than that is anybody's business. */
export function shareFact({ id, workspaceId, subject, object, user, role, actions }: Share, what: 'created' | 'changed' | 'deleted'): Fact {
  const whom = { ...(user === undefined ? {} : { user }), ...(role === undefined ? {} : { role }) };
  const payload = { share: id, subject, object, actions: [...actions], ...whom };
  return { workspaceId, type: `workspaces.shares.${what}`, payload, subject: `share/${id}` };
}
