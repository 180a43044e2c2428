import { check } from '@millrace/language';
import { DocumentEdits, type AutomationUsage, type Configuration, type Said } from '../../application/ports/document-edits';
import type { SourceFile } from '../../application/ports/checker';
import { automationSlug } from '../../domain/draft';
import { configurationIn, withConfiguration } from './configuration';
import { offsetOf, placeOf, replaceAll, type Replacement } from './places';
import { keyed, rangesOf } from './yaml-ranges';
import { quotedLike, setKey } from './set-key';

/** What a document says of itself, in the order in which it is written where nothing of it stands yet. */
const KEYS = ['name', 'description', 'labels', 'disabled'] as const;
const FLOW_TESTS = /^tests\/.+\.test\.yaml$/;

interface Place {
  readonly start: number;
  readonly end: number;
  readonly kind: AutomationUsage['kind'];
}

/** Edits YAML and JSON at the places that its parser tells. */
export class YamlDocumentEdits extends DocumentEdits {
  override say({ path, text }: SourceFile, said: Said): string {
    return KEYS.reduce((sum, key) => {
      const value = said[key];
      return value === undefined ? sum : setKey({ path, text: sum }, key, value);
    }, text);
  }

  override usages(file: SourceFile, slug: string): readonly AutomationUsage[] {
    return placesOf(file, slug).map(({ start, kind }) => ({ file: file.path, ...placeOf(file.text, start), kind }));
  }

  override rename(file: SourceFile, from: string, to: string): string {
    const named = placesOf(file, from).filter(({ kind }) => kind !== 'mention');
    const own = automationSlug(file.path) === from ? rangesOf(file.text, keyed('slug', from)) : [];
    const replacements = [...named, ...own].map(({ start, end }): Replacement => {
      return { start, end, text: quotedLike(file.text.slice(start, end), to) };
    });
    return replaceAll(file.text, replacements);
  }

  override configuration(file: SourceFile): Configuration {
    return configurationIn(file);
  }

  override configure(file: SourceFile, configuration: Configuration): string {
    return withConfiguration(file, configuration);
  }
}

function placesOf(file: SourceFile, slug: string): readonly Place[] {
  if (!file.text.includes(slug)) return [];
  const known = [...callsIn(file, slug), ...testsIn(file, slug)];
  const mentions = mentionsIn(file.text, slug).filter(({ start }) => !known.some((place) => start >= place.start && start < place.end));
  return [...known, ...mentions].sort((a, b) => a.start - b.start);
}

/** The language itself says what is a call: seen alone, under another slug, a document calls what is not there. */
function callsIn({ path, text }: SourceFile, slug: string): readonly Place[] {
  if (automationSlug(path) === undefined) return [];
  const problems = check({ automations: [{ file: path, text, slug: `${slug}-itself` }] }, {});
  return problems
    .filter(({ code }) => code === 'automation-unknown')
    .map(({ line, column, endLine, endColumn }) => ({ start: offsetOf(text, line, column), end: offsetOf(text, endLine, endColumn) }))
    .filter(({ start, end }) => isName(text.slice(start, end), slug))
    .map((place) => ({ ...place, kind: 'call' }));
}

function testsIn({ path, text }: SourceFile, slug: string): readonly Place[] {
  if (!FLOW_TESTS.test(path)) return [];
  return rangesOf(text, keyed('automation', slug)).map((range) => ({ ...range, kind: 'test' }));
}

function mentionsIn(text: string, slug: string): readonly Place[] {
  const word = new RegExp(`(?<![A-Za-z0-9/_-])${slug.replaceAll('.', String.raw`\.`)}(?![A-Za-z0-9/_-])`, 'g');
  return [...text.matchAll(word)].map(({ index }) => ({ start: index, end: index + slug.length, kind: 'mention' }));
}

function isName(written: string, slug: string): boolean {
  return written === slug || written === `'${slug}'` || written === `"${slug}"`;
}
