import { html } from './html';
import type { Page } from './page';

/** Where a form of the provider goes, and what proves that it is ours. */
export interface FormTarget {
  readonly action: string;
  readonly secret: string;
}

/** Asks for the code that a device shows. */
export function deviceCodePage({ action, secret }: FormTarget, problem?: string): Page {
  const alert = problem === undefined ? undefined : html`<p role="alert" id="problem">${problem}</p>`;
  return {
    title: 'Connect a device',
    status: problem === undefined ? 200 : 400,
    body: html`${alert}
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${secret}" />
        <label for="code">Code shown on the device</label>
        <input
          class="code"
          id="code"
          name="user_code"
          placeholder="XXXX-XXXX"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
        />
        <button type="submit">Go on</button>
      </form>`,
  };
}

/** Shows what is about to be let in. */
export function deviceConfirmPage({ action, secret }: FormTarget, client: string, code: string): Page {
  return {
    title: 'Is this your device?',
    body: html`<p>${client} wants to act for you. Go on only if your device shows this code:</p>
      <strong class="code">${code}</strong>
      <form method="post" action="${action}">
        <input type="hidden" name="xsrf" value="${secret}" />
        <input type="hidden" name="user_code" value="${code}" />
        <button type="submit" name="confirm" value="yes">Yes, go on</button>
        <button type="submit" class="second" name="abort" value="yes">No, refuse it</button>
      </form>`,
  };
}

export function deviceDonePage(): Page {
  return { title: 'Your device is connected', body: html`<p>You can close this page and go back to the device.</p>` };
}
