import type { JsonMap } from '@millrace/kernel';
import type { SourceFile } from './checker';

/** What an automation's document is made to say of itself; what is missing stays as it is. */
export interface Said {
  readonly name?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly disabled?: boolean;
}

/** What a workspace's document says of its configuration. */
export interface Configuration {
  /** JSON Schema of the values; empty: anything goes. */
  readonly schema: JsonMap;
  readonly value: JsonMap;
}

/** A place that names an automation. Line and column count from 1, columns in UTF-16 units. */
export interface AutomationUsage {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `mention`: the name stands there, and nobody can tell what it means. */
  readonly kind: 'call' | 'test' | 'mention';
}

/** Changes documents where they are meant to change, and nowhere else: comments and order of the rest stay. */
export abstract class DocumentEdits {
  /** The automation's text, saying this. A text that is no map of keys is refused with `workspaces.document_unreadable`. */
  abstract say(file: SourceFile, said: Said): string;
  /** Where a file names an automation, in the order of the text. */
  abstract usages(file: SourceFile, slug: string): readonly AutomationUsage[];
  /** The text with calls and tests of the automation, and its own document, under its new slug. */
  abstract rename(file: SourceFile, from: string, to: string): string;
  /** The configuration in a workspace's document; of an unreadable one, `workspaces.document_unreadable`. */
  abstract configuration(file: SourceFile): Configuration;
  /** The workspace's text with this configuration: what of it stays, stays with its comments. */
  abstract configure(file: SourceFile, configuration: Configuration): string;
}
