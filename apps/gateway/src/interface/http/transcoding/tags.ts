import { createHash } from 'node:crypto';
import type { DescField, DescMethod } from '@bufbuild/protobuf';
import { answerOf } from '@millrace/contracts';

/** What the tag of an answer tells of: the revision of a document, what is shown, or both. Lists have none. */
export type Tagging = 'revision' | 'revision and content' | 'content' | 'none';

/** What the answers of a method show, field by field. */
export function shownBy(method: DescMethod): readonly DescField[] {
  const { body } = answerOf(method);
  const { fields } = method.output;
  return body === undefined ? fields : (fields.find(({ name }) => name === body)?.message?.fields ?? []);
}

/** How answers of a method are tagged when something is read. */
export function taggingOf(method: DescMethod): Tagging {
  const { status, derived } = answerOf(method);
  const shown = shownBy(method);
  const has = (name: string): boolean => shown.some((field) => field.name === name);
  if (status === 204) return 'none';
  if (has('etag')) return derived === true ? 'revision and content' : 'revision';
  return has('items') || has('next_cursor') ? 'none' : 'content';
}

/** The tag of what is read, without quotes; undefined: it has none. */
export function tagOf(tagging: Tagging, revision: string | undefined, body: string | undefined): string | undefined {
  if (body === undefined) return undefined;
  switch (tagging) {
    case 'revision':
      return revision;
    case 'revision and content':
      return revision === undefined ? undefined : `${revision}.${digestOf(body)}`;
    case 'content':
      return digestOf(body);
    case 'none':
      return undefined;
  }
}

/** The revision in a tag, as the service gave it. */
export function revisionIn(tag: string): string {
  return tag.replace(/\.[0-9a-f]{16}$/, '');
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
