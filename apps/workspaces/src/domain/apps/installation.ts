/** That somebody consented to what a version of an app may do. */
export interface Consent {
  readonly version: string;
  /** Digest of the permissions. */
  readonly permissions: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a workspace has consented to of an app. It stays when the app is removed: an earlier version may still hold it. */
export interface Installation {
  readonly workspaceId: string;
  readonly app: string;
  readonly consents: readonly Consent[];
}

export function installationId(workspaceId: string, app: string): string {
  return `${workspaceId}/${app}`;
}

export function hasConsent({ consents }: Installation, version: string, permissions: string): boolean {
  return consents.some((one) => one.version === version && one.permissions === permissions);
}

/** With a consent more; the same again changes nothing. */
export function withConsent(installation: Installation, consent: Consent): Installation {
  if (hasConsent(installation, consent.version, consent.permissions)) return installation;
  return { ...installation, consents: [...installation.consents, consent] };
}
