import type { Ids } from '@millrace/kernel';
import type { LoadRequest } from '@millrace/language';

/**
 * The keys of contexts: `<workspace>/<owner>/<context>/<instance>`, so that what one owner has is listed at once. Owners and instances are
 * texts of any kind and length; what does not fit is named by an id derived from it, behind a `=`, which no text that fits has.
 */
export class ContextKeys {
  constructor(private readonly ids: Ids) {}

  key(workspaceId: string, { context, instance, owner }: LoadRequest): string {
    return `${this.owned(workspaceId, owner)}${context}/${this.segment(instance)}`;
  }

  /** What the keys of an owner begin with. */
  owned(workspaceId: string, owner: string): string {
    return `${this.all(workspaceId)}${this.segment(owner)}/`;
  }

  /** What the keys of a workspace begin with. */
  all(workspaceId: string): string {
    return `${this.segment(workspaceId)}/`;
  }

  private segment(text: string): string {
    if (text === '') return '=';
    return /^[A-Za-z0-9_-]{1,64}$/.test(text) ? text : `=${this.ids.derive('own', text)}`;
  }
}
