import type { Json, JsonMap, Principal } from '@millrace/kernel';

/** Letters that all groups, or all other claims, of a person may have together: they travel with every call. */
const MOST = 2_000;

type Claims = Readonly<Record<string, unknown>>;

/**
 * What rules and roles may speak of: the groups, and the claims that are named. What is too much to travel is left out whole, as if the
 * issuer had not said it: rules that deny then hold, rules that allow do not.
 */
export function passedOn(claims: Claims, names: readonly string[]): Pick<Principal, 'groups' | 'claims'> {
  const { groups } = claims;
  const others = Object.fromEntries(
    names.filter((name) => Object.hasOwn(claims, name) && isJson(claims[name])).map((name) => [name, claims[name]]),
  );
  return {
    ...(isTexts(groups) && isLittle(groups) ? { groups } : {}),
    ...(Object.keys(others).length > 0 && isLittle(others) ? { claims: others as JsonMap } : {}),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** Claims were JSON when they came. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

function isLittle(value: unknown): boolean {
  return JSON.stringify(value).length <= MOST;
}
