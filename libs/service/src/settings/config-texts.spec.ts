import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@millrace/testing';
import { ConfigTexts } from './config-texts';

describe('what the environment says of configurations', () => {
  it('is found by slug and name, whatever signs and letters they are written with', () => {
    const texts = ConfigTexts.of({
      MILLRACE_WORKSPACE_CONFIG_hotel_lac_rooms: '12',
      MILLRACE_APP_CONFIG_CRM_API_URL: 'https://crm.example',
      MILLRACE_WORKSPACE_CONFIG_HOTEL_LAC_EMPTY: '',
      OTHER: 'x',
    });
    expect([texts.of('workspace', 'hotel-lac', 'rooms'), texts.of('workspace', 'hotel-lac', 'ROOMS')]).toEqual(['12', '12']);
    expect([texts.of('app', 'crm', 'api-url'), texts.of('workspace', 'crm', 'api-url')]).toEqual(['https://crm.example', undefined]);
    expect([texts.of('workspace', 'hotel-lac', 'empty'), texts.of('workspace', 'hotel', 'rooms')]).toEqual([undefined, undefined]);
  });

  it('may stand in a file', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'town');
    writeFileSync(file, 'Lausanne\n');
    expect(ConfigTexts.of({ MILLRACE_WORKSPACE_CONFIG_hotel_town_FILE: file }).of('workspace', 'hotel', 'town')).toBe('Lausanne');
  });

  it('is refused at the start with all that is wrong with it', () => {
    const wrong = {
      MILLRACE_WORKSPACE_CONFIG_hotel: 'x',
      MILLRACE_APP_CONFIG_: 'x',
      MILLRACE_WORKSPACE_CONFIG_a_b: '1',
      MILLRACE_WORKSPACE_CONFIG_A_B: '2',
      MILLRACE_WORKSPACE_CONFIG_a_c_FILE: '/nowhere/at/all',
    };
    expect(() => ConfigTexts.of(wrong)).toThrow(
      /MILLRACE_WORKSPACE_CONFIG_hotel: it names no value[^]*MILLRACE_APP_CONFIG_: it names no value[^]*A_B: there is another[^]*cannot be read/,
    );
  });
});
