import { html } from './html';
import type { Page } from './page';

/** Says what went wrong and what to do. */
export function problemPage(status: number, title: string, sentence: string): Page {
  return { title, status, body: html`<p role="alert">${sentence}</p>` };
}
