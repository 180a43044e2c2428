import { DATA } from './data';
import { DATES } from './dates';
import { JSON_FUNCTIONS } from './documents';
import { LISTS } from './lists';
import { NUMBERS } from './numbers';
import { TEXTS } from './texts';
import { URLS } from './urls';
import type { FunctionSpec } from './function';

/** Every function of the expression language, by its exact name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map(
  [...DATES, ...URLS, ...DATA, ...JSON_FUNCTIONS, ...NUMBERS, ...TEXTS, ...LISTS].map((spec) => [spec.name, spec]),
);
