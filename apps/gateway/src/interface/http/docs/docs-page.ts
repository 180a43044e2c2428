import type { Json } from '@millrace/kernel';
import { operationsOf, type DescribedApi, type DescribedParameter, type ShownOperation } from './described-api';
import { html, type Html } from './html';

/** The documentation of the API as one page: readable without its script, which lets the reader try the calls. */
export function docsPage(api: DescribedApi): string {
  const operations = operationsOf(api);
  const sections = api.tags.map(({ name, description = '' }) => section(name, description, operations));
  const { title, version, description } = api.info;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} API</title>
        <link rel="stylesheet" href="/docs/docs.css" />
        <script type="module" src="/docs/docs.js"></script>
      </head>
      <body>
        <header>
          <h1>${title} API <small>${version}</small></h1>
          <p>${description} The same as a document for programs: <a href="/openapi.json">openapi.json</a>.</p>
          <label>Find <input id="find" type="search" placeholder="a word, a path, a permission" /></label>
          <label>
            Your access token
            <input id="token" type="password" autocomplete="off" placeholder="none: the session of this browser, if it has one" />
          </label>
        </header>
        <main>${sections}</main>
      </body>
    </html>`.html;
}

function section(name: string, description: string, operations: readonly ShownOperation[]): Html {
  return html`<section>
    <h2 id="${name}">${name}</h2>
    <p>${description}</p>
    ${operations.filter(({ tags }) => tags.includes(name)).map(entry)}
  </section>`;
}

function entry(operation: ShownOperation): Html {
  const { operationId, verb, path, summary = '', description = '', deprecated, responses, isEndless } = operation;
  return html`<details id="${operationId}">
    <summary><b class="verb">${verb.toUpperCase()}</b> <code>${path}</code> <span>${summary}</span></summary>
    ${deprecated === true ? [html`<p class="warning">It is going away: the headers of its answers say when, and what to use instead.</p>`] : []}
    <p>${description}</p>
    <p>Who may: <code>${operation['x-permission']}</code></p>
    ${isEndless ? html`<p>It is answered without end: look at it with an EventSource, or with curl.</p>` : form(operation)}
    <table>
      <caption>
        Answers
      </caption>
      ${responses.map(
        (each) =>
          html`<tr>
            <th>${each.status}</th>
            <td>${each.description}</td>
          </tr>`,
      )}
    </table>
  </details>`;
}

function form(operation: ShownOperation): Html {
  return html`<form data-verb="${operation.verb}" data-path="${operation.path}">
    ${operation.parameters.map(field)} ${bodyOf(operation)}
    <button>Send</button>
    <output></output>
  </form>`;
}

function field({ name, in: place, required, description = '', example }: DescribedParameter): Html {
  const shown = example === undefined ? '' : textOf(example);
  const mark = required ? [html` <em>required</em>`] : [];
  return html`<label>
    <span><code>${name}</code> <small>${place}</small>${mark} ${description}</span>
    <input name="${name}" data-place="${place}" placeholder="${shown}" />
  </label>`;
}

function bodyOf({ requestBody }: ShownOperation): readonly Html[] {
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (type === undefined) return [];
  const example = content?.example === undefined ? '' : textOf(content.example);
  return [
    html`<label>
      <span>Body <small>${type}</small></span>
      <textarea name="body" rows="8" spellcheck="false" data-type="${type}">${example}</textarea>
    </label>`,
  ];
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
