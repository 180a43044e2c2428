import { html } from './html';
import type { FormTarget } from './device-pages';
import type { Page } from './page';

/** Asks before the session ends, since any page can lead here. */
export function signOutPage({ action, secret }: FormTarget, leadsTo: readonly string[]): Page {
  return {
    title: 'Sign out?',
    leadsTo,
    body: html`<form method="post" action="${action}">
      <input type="hidden" name="xsrf" value="${secret}" />
      <button type="submit" name="logout" value="yes">Sign out everywhere in this browser</button>
      <button type="submit" class="second">Stay signed in</button>
    </form>`,
  };
}

export function signedOutPage(): Page {
  return { title: 'You are signed out', body: html`<p>You can close this page.</p>` };
}
