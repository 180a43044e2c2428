import { DomainError } from '@millrace/kernel';
import type { Workspace } from '../workspace';

type Named = Pick<Workspace, 'zone' | 'locale'>;

/** Zone and language of a workspace as its automations are read with them: what it says of the two. */
export interface Region {
  readonly timeZone?: string;
  readonly locale?: string;
}

/** Undefined when it says nothing of either. */
export function regionOf({ zone = '', locale = '' }: Named): Region | undefined {
  if (zone === '' && locale === '') return undefined;
  return { ...(zone === '' ? {} : { timeZone: zone }), ...(locale === '' ? {} : { locale }) };
}

/** Refuses a zone or a language that there is not (`workspaces.zone_unknown`, `workspaces.locale_unknown`). Empty texts name none. */
export function demandRegion({ zone = '', locale = '' }: Named): void {
  if (zone !== '' && !isZone(zone)) throw zoneUnknown(zone);
  if (locale !== '' && !isLocale(locale)) throw localeUnknown(locale);
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const LANGUAGES = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });

/** A tag may be well formed and name nothing. */
function isLocale(locale: string): boolean {
  try {
    return LANGUAGES.of(new Intl.Locale(locale).baseName) !== undefined;
  } catch {
    return false;
  }
}

function zoneUnknown(zone: string): DomainError {
  return new DomainError(
    'workspaces.zone_unknown',
    'invalid',
    `There is no time zone "${zone}". Name one of the IANA database, such as Europe/Paris.`,
    { facts: { zone }, errors: [{ pointer: '/settings/zone', code: 'unknown', detail: 'Name a zone of the IANA database.' }] },
  );
}

function localeUnknown(locale: string): DomainError {
  return new DomainError(
    'workspaces.locale_unknown',
    'invalid',
    `There is no language "${locale}". Name one by its tag (BCP 47), such as fr or pt-BR.`,
    { facts: { locale }, errors: [{ pointer: '/settings/locale', code: 'unknown', detail: 'Name a language by its tag.' }] },
  );
}
