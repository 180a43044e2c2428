import { describe, expect, it } from '@jest/globals';
import { demandImportable, type ArchiveLimits } from './limits';
import { ownPath, placeOf, withApps } from './packed-apps';
import { Unpacking } from './unpacking';

const LIMITS: ArchiveLimits = { files: 2, bytes: 10, file: 10, ratio: 100, always: 40 };

describe('the files of an app in an archive', () => {
  it('stand where no file of a workspace can', () => {
    const files = [
      'apps/crm@1.0.0/a.yaml',
      'apps/crm@1.0/a.yaml',
      'apps/CRM@1.0.0/a.yaml',
      'x/apps/crm@1.0.0/a.yaml',
      'apps/crm/a.yaml',
    ].map((path) => ({ path, content: path }));
    const { files: own, apps } = withApps(files);
    expect(own).toEqual(files.slice(1));
    expect(apps).toEqual([{ slug: 'crm', number: '1.0.0', files: [{ path: 'a.yaml', content: 'apps/crm@1.0.0/a.yaml' }] }]);
    expect([placeOf({ slug: 'crm', number: '1.0.0' }), ownPath('apps/crm@1.0.0/a/b')]).toEqual(['apps/crm@1.0.0/', 'a/b']);
  });

  it('are taken as they would be from a workspace: assets as bytes, and paths as long', () => {
    const taken = (...paths: readonly string[]) => {
      const unpacking = new Unpacking(1_000);
      for (const path of paths) if (unpacking.admits(path)) unpacking.take(path, new Uint8Array([255]));
      return unpacking.finish();
    };
    const longest = `assets/${'x'.repeat(193)}`;
    expect(taken('assets/a', `apps/crm@1.0.0/${longest}`).at(1)).toEqual({
      path: `apps/crm@1.0.0/${longest}`,
      content: new Uint8Array([255]),
    });
    expect(() => taken('assets/a', 'apps/crm@1.0.0/logo.png')).toThrow('logo.png": It is no text');
    expect(() => taken('assets/a', `apps/crm@1.0.0/${longest}x`)).toThrow('more than 200 characters');
  });

  it('count with all others: what no import takes is not packed', () => {
    const files = (...sizes: readonly number[]) => sizes.map((size) => ({ size }));
    expect(() => demandImportable(files(5, 5), LIMITS)).not.toThrow();
    expect(() => demandImportable(files(5, 6), LIMITS)).toThrow('2 files of 11 bytes; an import takes 2 of 10');
    expect(() => demandImportable(files(0, 0, 0), LIMITS)).toThrow('Export it without apps');
  });
});
