export { SignedPassports } from './passports/signed-passports';
export type { PassportOptions } from './passports/signed-passports';
export { maySpeakFor } from './passports/speaking';
export { decide, refuse, rolesThatAllow } from './rules/decide';
export type { Allowed, Decision, Refused } from './rules/decide';
export { BUILT_IN_ROLES, PLATFORM_ROLES } from './rules/roles';
export type { BuiltInRole, Roles } from './rules/roles';
export { ACTIONS, SUBJECTS } from './rules/rule';
export type { AllowRule, DenyRule, Rule, Subject } from './rules/rule';
