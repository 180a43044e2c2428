import type { JsonMap } from '@millrace/kernel';
import type { Problem } from '../problems/problem';

/** One automation as read: its values as plain JSON, and the slug it answers to. */
export interface AutomationDocument {
  readonly file: string;
  readonly slug: string;
  /** The document, texts as written. Never holds a key named `__proto__`. */
  readonly value: JsonMap;
  /** Every name it calls an automation by, once: a slug, or `<instance>.<slug>` for one of an app. */
  readonly calls: readonly string[];
}

/** What `read` answers. No document when a problem keeps it from being understood at all. */
export interface Reading<T> {
  readonly document?: T;
  readonly problems: readonly Problem[];
}
