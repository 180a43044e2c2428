import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { MountedAppSchema } from '@millrace/contracts';
import { gather, type HandedFile } from './gathered-sources';

const file = (instance: string, path: string): HandedFile => ({ instance, path, text: `${instance}/${path}`, schemaVersion: 0 });
const begins = (instance: string, slug: string, permissions?: { readonly hosts: string[]; readonly topics: string[] }): HandedFile => ({
  ...file(instance, ''),
  app: create(MountedAppSchema, {
    ...{ slug, version: '1.0.0', config: new TextEncoder().encode('{"a":1}'), disabled: false },
    ...(permissions === undefined ? {} : { permissions }),
  }),
});

async function* handed(...files: readonly HandedFile[]): AsyncGenerator<HandedFile> {
  yield* files;
  await Promise.resolve();
}

describe('the files of a workspace', () => {
  it('are put where they belong: its own, those of its apps, and of apps in them', async () => {
    const sources = await gather(
      handed(
        file('', 'workspace.yaml'),
        file('', 'automations/a/b.yaml'),
        file('', 'events/c.yaml'),
        file('', 'apps.yaml'),
        begins('crm', 'contacts', { hosts: ['a.example'], topics: ['sales'] }),
        file('crm', 'automations/d.yaml'),
        begins('crm.mail', 'post'),
        file('crm.mail', 'automations/e.yaml'),
      ),
    );
    const { apps, ...own } = sources;
    expect(own).toEqual({
      workspace: { file: 'workspace.yaml', text: '/workspace.yaml' },
      automations: [{ file: 'automations/a/b.yaml', text: '/automations/a/b.yaml', slug: 'a/b' }],
      events: [{ file: 'events/c.yaml', text: '/events/c.yaml' }],
    });
    expect(apps?.['crm']).toMatchObject({
      ...{
        app: 'contacts',
        config: { a: 1 },
        disabled: false,
        permissions: { hosts: ['a.example'], topics: ['sales'], emits: [], files: false },
      },
      automations: [{ slug: 'd' }],
      apps: { mail: { app: 'post', automations: [{ slug: 'e' }] } },
    });
  });

  it('give an app that comes without permissions none', async () => {
    const { apps } = await gather(handed(begins('crm', 'contacts')));
    expect(apps?.['crm']?.permissions).toEqual({ reads: [], emits: [], hosts: [], secrets: [], actions: [], topics: [], files: false });
  });
});
