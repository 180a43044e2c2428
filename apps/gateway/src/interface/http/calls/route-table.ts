import type { Verb } from '@millrace/contracts';
import { decodePart, slashEncoded } from '../door/path';
import { methodNotAllowed, routeUnknown } from '../problems/refusals';

/** A route as it is declared: `path` holds `{name}` for each parameter, and may end with `:action`. */
export interface Declared {
  readonly verb: Verb;
  readonly path: string;
}

export interface Match<R> {
  readonly route: R;
  /** The path parameters by name, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

interface Known<R> {
  /** Undefined: somebody else serves it. */
  readonly route: R | undefined;
  /** The name of the parameter that each part is; undefined for a fixed part. */
  readonly names: readonly (string | undefined)[];
}

type Verbs<R> = Map<string, Known<R>>;

/** A place in a path: where each fixed part leads, where any other part leads, and what ends here, by action (empty: none). */
interface Place<R> {
  readonly fixed: Map<string, Place<R>>;
  variable?: Place<R>;
  readonly ends: Map<string, Verbs<R>>;
}

/** The parameters whose values may hold slashes, encoded. */
const WITH_SLASHES: readonly string[] = ['slug', 'path'];

/**
 * Finds the route of a path: decoded once, compared as it is written, fixed parts before parameters. What follows a colon in the last
 * part is an action; an encoded colon belongs to a value.
 */
export class RouteTable<R extends Declared> {
  private readonly root: Place<R> = emptyPlace();

  /** `others`: what somebody else serves, of which this says no more than the methods. Throws when two routes cannot be told apart. */
  constructor(routes: readonly R[], others: readonly Declared[] = []) {
    for (const route of routes) this.add(route, route);
    for (const other of others) this.add(other, undefined);
  }

  /** The route. Refuses a path that none has (`api.route_unknown`), and a method that the path does not have (`api.method_not_allowed`). */
  match(method: string, path: string): Match<R> {
    const { decoded, verbs } = this.look(path);
    if (verbs === undefined) throw decoded.some((part) => part.includes('/')) ? slashEncoded() : routeUnknown();
    const known = knownAs(verbs, method);
    if (known === undefined) throw methodNotAllowed(method, [...verbs.keys()]);
    if (known.route === undefined) throw routeUnknown();
    return { route: known.route, path: parametersOf(known.names, decoded) };
  }

  /** The route, if the path has one with this method. */
  find(method: string, path: string): R | undefined {
    const { verbs } = this.look(path);
    return verbs === undefined ? undefined : knownAs(verbs, method)?.route;
  }

  private look(path: string): { readonly decoded: readonly string[]; readonly verbs: Verbs<R> | undefined } {
    const { parts, action } = split(path);
    const decoded = parts.map(decodePart);
    return { decoded, verbs: find(this.root, decoded, 0, action) };
  }

  private add({ verb, path }: Declared, route: R | undefined): void {
    const { parts, action } = split(path);
    const names = parts.map((part) => /^\{(.*)\}$/.exec(part)?.[1]);
    let place = this.root;
    for (const [index, part] of parts.entries()) place = names[index] === undefined ? fixedPlace(place, part) : variablePlace(place);
    const verbs = place.ends.get(action) ?? new Map<string, Known<R>>();
    if (verbs.has(verb)) throw new Error(`Another method is declared for ${verb} ${path}, or a path that cannot be told from it.`);
    place.ends.set(action, verbs.set(verb, { route, names }));
  }
}

function split(path: string): { parts: readonly string[]; action: string } {
  const colon = path.lastIndexOf(':');
  const hasAction = colon > path.lastIndexOf('/');
  return { parts: path.slice(1, hasAction ? colon : undefined).split('/'), action: hasAction ? path.slice(colon + 1) : '' };
}

function find<R>(place: Place<R>, parts: readonly string[], index: number, action: string): Verbs<R> | undefined {
  const part = parts[index];
  if (part === undefined) return place.ends.get(action);
  const fixed = place.fixed.get(part);
  const found = fixed === undefined ? undefined : find(fixed, parts, index + 1, action);
  if (found !== undefined || place.variable === undefined || part === '') return found;
  return find(place.variable, parts, index + 1, action);
}

function knownAs<R>(verbs: Verbs<R>, method: string): Known<R> | undefined {
  return verbs.get(method === 'HEAD' ? 'get' : method.toLowerCase());
}

function parametersOf(names: readonly (string | undefined)[], parts: readonly string[]): Record<string, string> {
  const path: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    if (name === undefined) continue;
    const part = parts[index] ?? '';
    if (!WITH_SLASHES.includes(name) && part.includes('/')) throw slashEncoded();
    path[name] = part;
  }
  return path;
}

function emptyPlace<R>(): Place<R> {
  return { fixed: new Map(), ends: new Map() };
}

function fixedPlace<R>(place: Place<R>, part: string): Place<R> {
  const next = place.fixed.get(part) ?? emptyPlace<R>();
  place.fixed.set(part, next);
  return next;
}

function variablePlace<R>(place: Place<R>): Place<R> {
  place.variable ??= emptyPlace();
  return place.variable;
}
