import { describe, expect, it } from '@jest/globals';
import { demandRegion, regionOf } from './region';

describe('zone and language of a workspace', () => {
  it('are those that it names, and nothing where it names none', () => {
    expect(regionOf({})).toBeUndefined();
    expect(regionOf({ zone: '', locale: '' })).toBeUndefined();
    expect(regionOf({ zone: 'Europe/Paris' })).toEqual({ timeZone: 'Europe/Paris' });
    expect(regionOf({ zone: '', locale: 'fr' })).toEqual({ locale: 'fr' });
  });

  it.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'Etc/GMT+2', ''])('take the zone %p', (zone) => {
    expect(() => demandRegion({ zone })).not.toThrow();
  });

  it.each(['en', 'fr-CH', 'zh-Hant-TW', 'pt-BR', 'de-u-ca-iso8601', ''])('take the language %p', (locale) => {
    expect(() => demandRegion({ locale })).not.toThrow();
  });

  it.each(['Mars/Base', 'Europe/Pari'])('refuse the zone %p by its place', (zone) => {
    expect(() => demandRegion({ zone })).toThrow(
      expect.objectContaining({ code: 'workspaces.zone_unknown', errors: [expect.objectContaining({ pointer: '/settings/zone' })] }),
    );
  });

  it.each(['xx', 'english', 'en_US', 'und'])('refuse the language %p by its place', (locale) => {
    expect(() => demandRegion({ locale })).toThrow(
      expect.objectContaining({ code: 'workspaces.locale_unknown', errors: [expect.objectContaining({ pointer: '/settings/locale' })] }),
    );
  });
});
