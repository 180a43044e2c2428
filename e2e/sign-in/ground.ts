import { FormBrowser, type Shown } from '@millrace/testing';
import * as openid from 'openid-client';

/** A Millrace, and the provider whose people it lets in. What differs between providers is how their pages look. */
export interface Ground extends AsyncDisposable {
  /** Where Millrace answers. */
  readonly url: string;
  readonly issuerUrl: string;
  readonly password: string;
  /** What the page for names and passwords calls them. */
  readonly fields: { readonly name: string; readonly password: string };
  /** What the page that asks whether a device may go on calls yes. */
  readonly letDeviceIn: Readonly<Record<string, string>>;
  /** What the page that asks whether to sign out calls yes. */
  readonly letGo: Readonly<Record<string, string>>;
}

/** A browser in which nobody is signed in, that goes back and forth between Millrace and the provider. */
export function newBrowser({ url, issuerUrl }: Ground): FormBrowser {
  return new FormBrowser([new URL(url).origin, new URL(issuerUrl).origin]);
}

/** Fills in the page for names and passwords. */
export function signInAt(browser: FormBrowser, page: Shown, { fields, password }: Ground, username: string): Promise<Shown> {
  return browser.submit(page, { [fields.name]: username, [fields.password]: password });
}

/** A public client of the realm, as a program that somebody else wrote. */
export async function foreignClient({ issuerUrl }: Ground, id: string): Promise<openid.Configuration> {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to be seen: tests speak plain HTTP, on loopback
  return openid.discovery(new URL(issuerUrl), id, undefined, openid.None(), { execute: [openid.allowInsecureRequests] });
}
