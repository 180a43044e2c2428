import { DomainError, type Facts } from '@millrace/kernel';
import type { Revised } from '../draft';
import type { Locked } from './installed';
import type { Permissions } from './permissions';

/** There is no such app, or none the caller may know of: the two are told the same. */
export function appMissing(slug: string): DomainError {
  return new DomainError(
    'apps.not_found',
    'not-found',
    `There is no app "${slug}", or it is not offered to you. Ask its publisher to list your workspace.`,
    { facts: { app: slug } },
  );
}

/** Another workspace has the name. */
export function appTaken(slug: string): DomainError {
  return new DomainError('apps.slug_taken', 'conflict', `Another workspace publishes an app "${slug}". Choose another slug.`, {
    facts: { app: slug },
    errors: [{ pointer: '/slug', code: 'taken', detail: 'Choose another slug.' }],
  });
}

/** An app keeps the name it was first published under. */
export function slugFixed(slug: string): DomainError {
  return new DomainError(
    'apps.slug_fixed',
    'conflict',
    `This workspace publishes the app "${slug}", and an app never changes its slug. Leave the slug out.`,
    { facts: { app: slug } },
  );
}

/** Nothing runs that could be published. */
export function nothingToPublish(): DomainError {
  return new DomainError('apps.nothing_active', 'conflict', 'No version of this workspace runs. Publish a version of it first.');
}

export function numberTaken(app: string, number: string, last: string): DomainError {
  return new DomainError(
    'apps.number_taken',
    'conflict',
    `"${app}" was published as ${last}; a number is published once and grows. Choose a larger one than ${last}, not ${number}.`,
    {
      facts: { app, last },
      errors: [{ pointer: '/number', code: 'taken', detail: `Choose a larger number than ${last}.` }],
    },
  );
}

export function tooManyVersions(app: string, most: number): DomainError {
  return new DomainError('apps.too_many_versions', 'exhausted', `"${app}" has ${most} versions; there can be no more.`, { facts: { app } });
}

export function versionMissing(app: string, number: string): DomainError {
  return new DomainError(
    'apps.version_not_found',
    'not-found',
    `There is no version ${number} of "${app}", or it may not be installed. List its versions to see which there are.`,
    { facts: { app, version: number } },
  );
}

/** What callers rely on would break without a number that says so. */
export function breaksCallers(app: string, before: string, breaking: readonly string[]): DomainError {
  return new DomainError(
    'apps.interface_broken',
    'invalid',
    `${breaking.join('; ')}. Who uses "${app}" ${before} relies on it: keep it, or publish a new major number.`,
    {
      facts: { app, breaking },
      errors: breaking.map((detail) => ({ pointer: '/number', code: 'major', detail })),
    },
  );
}

export function rangeInvalid(range: string): DomainError {
  return new DomainError(
    'apps.range_invalid',
    'invalid',
    `"${range}" is no range of versions. Write 1.2.3, ~1.2.3, ^1.2.3, 1.x or latest.`,
    {
      errors: [{ pointer: '/range', code: 'range', detail: 'Write 1.2.3, ~1.2.3, ^1.2.3, 1.x or latest.' }],
    },
  );
}

/** Nobody has consented to exactly this. The facts say what the app may do and the digest to consent to. */
export function consentNeeded(app: string, number: string, permissions: Permissions, digest: string): DomainError {
  return new DomainError(
    'apps.consent_needed',
    'conflict',
    `"${app}" ${number} runs only with your consent to what it may do. Read its permissions and repeat the call with their digest as \`consent\`.`,
    { facts: { app, version: number, ...permissions, consent: digest } },
  );
}

export function instanceMissing(instance: string): DomainError {
  return new DomainError('apps.instance_not_found', 'not-found', `No app is installed as "${instance}".`, { facts: { instance } });
}

export function instanceTaken(instance: string): DomainError {
  return new DomainError('apps.instance_taken', 'conflict', `An app is installed as "${instance}" already. Choose another slug.`, {
    facts: { instance },
    errors: [{ pointer: '/slug', code: 'taken', detail: 'Choose another slug.' }],
  });
}

/** The name would make its events look like those of the platform. */
export function instanceReserved(instance: string): DomainError {
  return new DomainError(
    'apps.instance_reserved',
    'invalid',
    `"${instance}" begins the names of events of the platform. Choose another slug.`,
    {
      errors: [{ pointer: '/slug', code: 'reserved', detail: 'Choose another slug.' }],
    },
  );
}

export function tooManyInstances(most: number): DomainError {
  return new DomainError('apps.too_many_instances', 'exhausted', `A workspace installs at most ${most} apps. Remove one first.`);
}

/** Apps in apps are too many together. */
export function tooManyMounts(most: number): DomainError {
  const sentence = `At most ${most} apps run in a workspace, those that stand in others among them. Remove one first.`;
  return new DomainError('apps.too_many_instances', 'exhausted', sentence);
}

/** An app would be part of itself. */
export function appCycle(path: readonly string[]): DomainError {
  return new DomainError('apps.cycle', 'conflict', `${path.join(' → ')}: an app cannot be part of itself.`, { facts: { path } });
}

export function tooDeep(path: readonly string[], deepest: number): DomainError {
  return new DomainError('apps.too_deep', 'invalid', `${path.join(' → ')}: apps stand in apps at most ${deepest} deep.`, {
    facts: { path },
  });
}

/** The files of the draft that say what is installed do not say one thing. */
export function lockInvalid(detail: string): DomainError {
  return new DomainError('apps.lock_invalid', 'conflict', `${detail} Install, upgrade or consent to it by its call.`);
}

/** Nobody of the workspace has consented to this. `beyond`: what that is, for whom may know it, as it goes on after "may do". */
export function unconsented(slug: string, { app, version }: Pick<Locked, 'app' | 'version'>, beyond = ''): DomainError {
  return lockInvalid(`Nobody has consented to what "${app}" ${version}, installed as "${slug}", may do${beyond}.`);
}

/** The caller named a revision, and somebody was faster. `now`: what says what is installed; undefined: nothing is. */
export function instanceChanged(now: Revised | undefined): DomainError {
  const detail = `apps.yaml is at revision ${revisionOf(now)} by now. Read the instance again and repeat the change.`;
  return new DomainError('apps.precondition_failed', 'conflict', detail, { facts: factsOf(now) });
}

/** As `instanceChanged`, of a caller who named no revision. */
export function instancesMoved(now: Revised | undefined): DomainError {
  const detail = 'Somebody changed what is installed meanwhile. Look at it again, and repeat the call.';
  return new DomainError('apps.moved', 'conflict', detail, { facts: factsOf(now) });
}

function revisionOf(now: Revised | undefined): number {
  return now?.revision ?? 0;
}

function factsOf(now: Revised | undefined): Facts {
  const who = now === undefined ? {} : { updatedBy: now.updatedBy, updatedAt: now.updatedAt };
  return { etag: String(revisionOf(now)), ...who };
}

export function configRefused(instance: string, problems: readonly { readonly pointer: string; readonly detail: string }[]): DomainError {
  const [first] = problems;
  return new DomainError(
    'apps.config_invalid',
    'invalid',
    `The configuration of "${instance}" does not fit its schema: ${first?.pointer || '/'} ${first?.detail ?? ''}.`,
    {
      errors: problems.slice(0, 50).map(({ pointer, detail }) => ({ pointer: `/config${pointer}`, code: 'config', detail })),
    },
  );
}
