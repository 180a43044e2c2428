import { describe, expect, it } from '@jest/globals';
import { callRoutes } from '../calls/call-route';
import { PUBLIC_SERVICES } from '../calls/public-services';
import { HAND_ROUTES } from '../hand-routes/all';
import { openApiDocument } from '../openapi/openapi-document';
import type { DescribedApi } from './described-api';
import { docsPage } from './docs-page';
import { DOCS_SCRIPT } from './docs-script';
import { DOCS_STYLE } from './docs-style';
import { html } from './html';

const routes = callRoutes(PUBLIC_SERVICES);
const page = docsPage(openApiDocument(routes, HAND_ROUTES) as unknown as DescribedApi);
const entryOf = (id: string): string =>
  page.slice(page.indexOf(`<details id="${id}"`), page.indexOf('</details>', page.indexOf(`id="${id}"`)));

describe('the documentation of the API', () => {
  it('shows every call once, with what it wants and who may', () => {
    const ids = [...page.matchAll(/<details id="(\w+)">/g)].map(([, id]) => id);
    expect(ids.sort()).toEqual([...routes.map(({ method }) => method.localName), ...HAND_ROUTES.map(({ id }) => id)].sort());
    const entry = entryOf('updateWorkspace');
    for (const wanted of [
      'PATCH',
      '/v1/workspaces/{workspaceId}',
      'update workspaces',
      'If-Match',
      'return=minimal',
      '412',
      'Hôtel du Lac',
    ])
      expect(entry).toContain(wanted);
  });

  it('lets nobody wait for an answer that has no end', () => {
    expect([entryOf('getWorkspace'), entryOf('streamEvents')].map((entry) => entry.includes('<button>'))).toEqual([true, false]);
  });

  it('needs nothing from elsewhere, and nothing inline', () => {
    const loaded = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target);
    expect(loaded.sort()).toEqual(['/docs/docs.css', '/docs/docs.js', '/openapi.json']);
    expect(page).not.toMatch(/<style|style=|<script>|\son\w+=|javascript:/);
    for (const text of [DOCS_SCRIPT, DOCS_STYLE]) expect(text).not.toMatch(/https?:|@import|url\(|innerHTML|eval/);
  });

  it('shows texts as they are, whatever they hold', () => {
    expect(html`<p title="${'"><script>'}">${"<b>&'"}${7}${[html`<i>x</i>`, html``]}</p>`.html).toBe(
      '<p title="&#34;&#62;&#60;script&#62;">&#60;b&#62;&#38;&#39;7<i>x</i></p>',
    );
  });
});
