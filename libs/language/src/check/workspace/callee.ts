import { INSTRUCTIONS } from '../../instructions/table';
import { isMap, ownOf } from '../../values/value';
import type { JsonMap } from '@millrace/kernel';
import type { WorkspaceReading } from '../../read/read-workspace';
import type { Known, KnownAutomation } from '../known';
import type { Surroundings } from '../rule';

/** Why a name calls nothing, the part of it that is wrong, and what could stand there. */
export interface Unmet {
  readonly unmet: 'app-unknown' | 'automation-unknown';
  readonly part: string;
  readonly known: readonly string[];
}

/** The automation a name calls; undefined when it is in an app nobody knows. */
export function calleeNamed(name: string, around: Surroundings): KnownAutomation | Unmet | undefined {
  const own = around.instance.automations.find(({ slug }) => slug === name);
  // What is private may be called from its own workspace.
  if (own !== undefined) return { ...described(own.value), private: false };
  const dot = name.indexOf('.');
  if (dot < 0) return { unmet: 'automation-unknown', part: name, known: [...INSTRUCTIONS.keys(), ...around.instance.slugs] };
  return inApp(name.slice(0, dot), name.slice(dot + 1), around);
}

function inApp(instance: string, slug: string, around: Surroundings): KnownAutomation | Unmet | undefined {
  const { apps, known } = around;
  if (!apps.has(instance)) return known.apps === undefined ? undefined : { unmet: 'app-unknown', part: instance, known: [...apps.keys()] };
  const found = apps.get(instance);
  if (found === undefined) return undefined;
  const names = Object.keys(found).map((one) => `${instance}.${one}`);
  const name = `${instance}.${slug}`;
  return (Object.hasOwn(found, slug) ? found[slug] : undefined) ?? { unmet: 'automation-unknown', part: name, known: names };
}

/** The automations of installed apps, by instance and slug: from their sources, else as far as whoever asks for the check knows them. */
export function appsOf({ instances }: WorkspaceReading, known: Known): Surroundings['apps'] {
  const read = instances
    .filter(({ path }) => path !== '' && !path.includes('.'))
    .map(({ path, automations }) => [path, Object.fromEntries(automations.map(({ slug, value }) => [slug, described(value)]))] as const);
  const told = Object.entries(known.apps ?? {}).map(([instance, { automations }]) => [instance, automations] as const);
  return new Map([...told, ...read]);
}

function described(value: JsonMap): KnownAutomation {
  const args = ownOf(value, 'arguments');
  return {
    private: value['private'] === true,
    disabled: value['disabled'] === true,
    ...(isMap(args) ? { arguments: args } : {}),
  };
}
