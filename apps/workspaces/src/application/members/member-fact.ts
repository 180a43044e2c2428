import type { Member } from '../../domain/members';
import type { Fact } from '../facts';

/** What is told of a member. No address: histories are kept for longer than that is anybody's business. */
export function memberFact({ id, workspaceId, user, roles }: Member, what: 'invited' | 'joined' | 'changed' | 'left'): Fact {
  const payload = { member: id, roles: [...roles], ...(user === undefined ? {} : { user }) };
  return { workspaceId, type: `workspaces.members.${what}`, payload, subject: `member/${id}` };
}
