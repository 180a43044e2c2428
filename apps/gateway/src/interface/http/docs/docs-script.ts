/**
 * The script of the documentation: finds calls, and makes them as the reader says, with the reader's own rights. The token stays in the
 * page. What an answer holds is shown as text, whatever it is.
 */
export const DOCS_SCRIPT = String.raw`const find = document.querySelector('#find');
const token = document.querySelector('#token');

find.addEventListener('input', () => {
  const word = find.value.trim().toLowerCase();
  for (const call of document.querySelectorAll('details')) call.hidden = !call.textContent.toLowerCase().includes(word);
});

function requestOf(form) {
  const query = new URLSearchParams();
  const headers = new Headers();
  let path = form.dataset.path;
  for (const field of form.querySelectorAll('input')) {
    if (field.value === '') continue;
    const { place } = field.dataset;
    if (place === 'path') path = path.replace('{' + field.name + '}', () => encodeURIComponent(field.value));
    else if (place === 'header') headers.set(field.name, field.value);
    else query.append(field.name, field.value);
  }
  const body = form.querySelector('textarea');
  if (body !== null && body.value !== '') headers.set('content-type', body.dataset.type);
  if (token.value === '') headers.set('millrace-csrf', '1');
  else headers.set('authorization', 'Bearer ' + token.value);
  const search = query.toString();
  return new Request(path + (search === '' ? '' : '?' + search), {
    method: form.dataset.verb.toUpperCase(),
    headers,
    credentials: token.value === '' ? 'same-origin' : 'omit',
    redirect: 'manual',
    ...(body === null || body.value === '' ? {} : { body: body.value }),
  });
}

async function textOf(response) {
  const text = await response.text();
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const missing = form.dataset.path.match(/\{(\w+)\}/g)?.find((name) => form.elements.namedItem(name.slice(1, -1)).value === '');
  if (missing !== undefined) return 'Say what ' + missing + ' is.';
  const response = await fetch(requestOf(form));
  const headers = [...response.headers].map(([name, value]) => name + ': ' + value).join('\n');
  return response.status + ' ' + response.statusText + '\n' + headers + '\n\n' + (await textOf(response));
}

for (const form of document.querySelectorAll('form')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const output = form.querySelector('output');
    output.replaceChildren();
    const shown = document.createElement('pre');
    shown.textContent = await send(form).catch((error) => String(error));
    output.replaceChildren(shown);
  });
}

document.querySelector(location.hash || 'html')?.setAttribute('open', '');
`;
