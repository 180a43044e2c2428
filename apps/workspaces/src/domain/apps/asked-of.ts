import { isNativeType, type Json, type JsonMap } from '@millrace/kernel';
import { listOf, mapOf, textsIn } from './contract';
import { allOf, NO_PERMISSIONS, type Permissions } from './permissions';

/** What stands for names that are only known when the app runs. */
const ANY = '*';

/** What an automation may do, read from its document. */
export function askedBy(document: JsonMap): Permissions {
  const when = mapOf(document['when']);
  const heard = listOf(when['events']).map((entry) => (typeof entry === 'string' ? entry : mapOf(entry)['event']));
  const sources = listOf(when['sources']).map((source) => fixedOr(mapOf(source)['action']));
  const own: Permissions = { ...NO_PERMISSIONS, reads: nativeAmong(heard), actions: sources, secrets: secretsIn(document) };
  return allOf([own, ...instructionsIn(document['do']).map(askedByOne)]);
}

/** The actions and hosts that an automation reaches for, each as `action/…` or `host/…`, as far as its document names them. */
export function reachedBy(document: JsonMap): readonly string[] {
  const { actions, hosts } = askedBy(document);
  const named = { action: actions, host: hosts };
  return Object.entries(named).flatMap(([kind, names]) => names.filter((name) => name !== ANY).map((name) => `${kind}/${name}`));
}

/** With the names that the author gives in place of what is only known when the app runs: then it may do that, and nothing else. */
export function narrowed(asked: Permissions, said: JsonMap): Permissions {
  const name = (list: readonly string[], key: string): readonly string[] => {
    const names = textsIn(said[key]);
    return names.length === 0 ? list : [...list.filter((one) => one !== ANY), ...names];
  };
  const { reads, emits, hosts, actions, topics, secrets } = asked;
  const files = asked.files && said['files'] !== false;
  const named = {
    reads: name(reads, 'reads'),
    emits: name(emits, 'emits'),
    hosts: name(hosts, 'hosts'),
    actions: name(actions, 'actions'),
    topics: name(topics, 'topics'),
  };
  return allOf([{ ...asked, ...named, files, secrets: name(secrets, 'secrets') }]);
}

/** Names of the secrets that texts at any depth speak of. */
export function secretsIn(value: Json): readonly string[] {
  const found = JSON.stringify(value).matchAll(/(?<=\bsecret\s*(?:\.\s*|\[\s*\\?['"])|\$secret:)[A-Z][A-Z0-9_]{0,63}(?![A-Za-z0-9_])/g);
  return Array.from(found, ([name]) => name);
}

/** Every instruction of a list, with those inside others. */
function instructionsIn(list: Json | undefined): readonly (readonly [string, Json])[] {
  return listOf(list).flatMap((entry) => {
    if (Array.isArray(entry)) return instructionsIn(entry as readonly Json[]);
    return Object.entries(mapOf(entry)).flatMap(([name, body]) => [[name, body] as const, ...inside(name, body).flatMap(instructionsIn)]);
  });
}

/** The lists of instructions that an instruction holds. */
function inside(name: string, body: Json): readonly (Json | undefined)[] {
  const map = mapOf(body);
  switch (name) {
    case 'conditions':
      return Object.values(map);
    case 'repeat':
    case 'try':
      return [map['do'], map['catch'], map['finally']];
    case 'all':
      return [Array.isArray(body) ? body : map['do']];
    default:
      return [];
  }
}

function askedByOne([name, body]: readonly [string, Json]): Permissions {
  const map = mapOf(body);
  switch (name) {
    case 'emit':
      return { ...NO_PERMISSIONS, emits: [fixedOr(map['event'])] };
    case 'wait':
      return { ...NO_PERMISSIONS, reads: nativeAmong(listOf(map['oneOf']).map((entry) => mapOf(entry)['event'])) };
    case 'action':
      return { ...NO_PERMISSIONS, actions: [fixedOr(map['name'])] };
    case 'createUserTopic':
    case 'joinUserTopic':
    case 'leaveUserTopic':
      return { ...NO_PERMISSIONS, topics: [fixedOr(map['topic'])] };
    case 'fetch':
      return fetched(map);
    default:
      return NO_PERMISSIONS;
  }
}

function fetched({ url, outputMode, stream }: JsonMap): Permissions {
  const told = mapOf(stream)['event'];
  return {
    ...NO_PERMISSIONS,
    hosts: [hostOf(textOr(url))],
    emits: told === undefined ? [] : [fixedOr(told)],
    files: outputMode === 'file' || isTemplate(textOr(outputMode)),
  };
}

/** The host of an address whose author wrote it out, and no template stands before its end. */
function hostOf(url: string): string {
  const host = /^https?:\/\/([^/?#{}@\s]+)(?:[/?#]|$)/i.exec(url)?.[1];
  return host === undefined ? ANY : host.replace(/:\d+$/, '').toLowerCase();
}

/** Those that are the platform's own: an app sees no others but its own. */
function nativeAmong(patterns: readonly (Json | undefined)[]): readonly string[] {
  return patterns.map(fixedOr).filter((pattern) => pattern === ANY || isNativeType(pattern));
}

function fixedOr(value: Json | undefined): string {
  const text = textOr(value);
  return text === '' || isTemplate(text) ? ANY : text;
}

function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

function textOr(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
