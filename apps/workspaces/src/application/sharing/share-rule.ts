import type { Rule } from '@millrace/auth';
import { fieldOf, type Share } from '../../domain/sharing/share';

/** The share as a rule of whoever has it. */
export function ruleOfShare({ id, subject, object, actions }: Pick<Share, 'id' | 'subject' | 'object' | 'actions'>): Rule {
  return { allow: actions, on: [subject], where: `${fieldOf(subject)} = '${object}'`, share: id };
}
