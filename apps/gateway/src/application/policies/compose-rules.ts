import { BEARABLE } from '../../domain/policies/pressure';
import type { Rate } from '../../domain/policies/rate';
import { DEFAULT_CLASSES, DEFAULT_TIMEOUT, type ClassRates, type DescribedClass } from './default-classes';
import type { ClassRules, CountedBy, GatewayRules, Limit, RouteRule, TrustedProxies } from './rules';

/** Rates as operators write them: one for the caller, or one by whom they count; null: none. */
export type WrittenRates = Rate | null | Readonly<Partial<Record<keyof ClassRates, Rate | null | undefined>>>;

/** What operators write, checked. Whatever is absent is as it is by default. */
export interface WrittenRules {
  readonly overload?: { readonly late?: number | undefined; readonly calls?: number | undefined } | undefined;
  readonly origins?: readonly string[] | undefined;
  readonly trustedProxies?: readonly TrustedProxies[] | undefined;
  readonly limits?: Readonly<Record<string, WrittenRates>> | undefined;
  readonly classes?: Readonly<Record<string, { readonly like: string; readonly limit?: WrittenRates | undefined }>> | undefined;
  readonly timeouts?: Readonly<Record<string, number>> | undefined;
  readonly blacklist?: { readonly addresses?: readonly string[] | undefined; readonly paths?: readonly RegExp[] | undefined } | undefined;
  readonly maintenance?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly routes?: readonly WrittenRoute[] | undefined;
}

export interface WrittenRoute {
  readonly match: {
    readonly path: RegExp;
    readonly written: string;
    readonly method?: string | undefined;
    readonly host?: string | undefined;
  };
  readonly class?: string | undefined;
  readonly limit?: Rate | undefined;
  readonly timeout?: number | undefined;
  readonly body?: number | undefined;
  readonly off?: boolean | undefined;
}

/** The rules that follow from what was written and the defaults. */
export function composeRules(written: WrittenRules): GatewayRules {
  const { overload = {}, origins = [], trustedProxies = [], blacklist = {}, maintenance = {}, headers = {}, routes = [] } = written;
  return {
    classes: classesOf(written),
    bearable: { late: overload.late ?? BEARABLE.late, calls: overload.calls ?? BEARABLE.calls },
    origins,
    trustedProxies,
    blacklist: { addresses: blacklist.addresses ?? [], paths: blacklist.paths ?? [] },
    maintenance: new Map(Object.entries(maintenance)),
    headers,
    routes: routes.map(ruleOf),
  };
}

function classesOf({ limits = {}, classes = {}, timeouts = {} }: WrittenRules): ReadonlyMap<string, ClassRules> {
  const own = Object.entries(classes).map(([name, { like, limit }]) => {
    const model = DEFAULT_CLASSES[like] ?? { rates: {} };
    return [name, limit === undefined ? model : { ...model, rates: ratesOf(model.rates, limit) }] as const;
  });
  const all: (readonly [string, DescribedClass])[] = [...Object.entries(DEFAULT_CLASSES), ...own];
  return new Map(
    all.map(([name, described]) => {
      const { turn, strict = false, closes, rates } = described;
      const set = limits[name];
      const named = limitsOf(name, set === undefined ? rates : ratesOf(rates, set), { strict, closes });
      return [name, { limits: named, turn, timeout: timeouts[name] ?? timeouts['default'] ?? DEFAULT_TIMEOUT }];
    }),
  );
}

/** The rates of a class with what is written in their place. */
function ratesOf(rates: ClassRates, written: WrittenRates): ClassRates {
  const { caller, principal, address, user, workspace } = rates;
  if (written === null) return {};
  if (isRate(written)) return { caller: written, user, workspace };
  const pick = (set: Rate | null | undefined, usual: Rate | undefined): Rate | undefined =>
    set === undefined ? usual : (set ?? undefined);
  const isForAll = written.caller !== undefined;
  return {
    caller: pick(written.caller, caller),
    principal: pick(written.principal, isForAll ? undefined : principal),
    address: pick(written.address, isForAll ? undefined : address),
    user: pick(written.user, user),
    workspace: pick(written.workspace, workspace),
  };
}

function limitsOf(name: string, rates: ClassRates, { strict, closes }: { strict: boolean; closes: number | undefined }): readonly Limit[] {
  const limit = (by: CountedBy, rate: Rate | undefined, as: string): Limit[] =>
    rate === undefined ? [] : [{ name: as, by, rate, strict, ...(closes === undefined ? {} : { closes }) }];
  return [
    ...limit('principal', rates.principal ?? rates.caller, name),
    ...limit('address', rates.address ?? rates.caller, rates.address === undefined ? name : `${name}.address`),
    ...limit('user', rates.user, `${name}.user`),
    ...limit('workspace', rates.workspace, `${name}.workspace`),
  ];
}

function ruleOf({ match, class: name, limit, timeout, body, off = false }: WrittenRoute, index: number): RouteRule {
  const { path, written, method, host } = match;
  return {
    path,
    written,
    off,
    ...(method === undefined ? {} : { method }),
    ...(host === undefined ? {} : { host }),
    ...(name === undefined ? {} : { class: name }),
    ...(limit === undefined ? {} : { limits: limitsOf(`route.${index + 1}`, { caller: limit }, { strict: false, closes: undefined }) }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(body === undefined ? {} : { body }),
  };
}

function isRate(written: Exclude<WrittenRates, null>): written is Rate {
  return 'interval' in written;
}
