import { compileFilter } from '@millrace/language';
import { everyOf, notOf, someOf, type Bound } from './bind';
import { bindRule, type BoundRule } from './bound-rules';
import { fieldRefusal } from './field-refusal';
import { FieldRules } from './field-rules';
import { shutBy, type Circumstances } from './gate';
import type { Rule } from './rule';
import type { Asker } from './variables';

/** What one caller has in one workspace, and asks for just now. */
export interface Standing extends Circumstances, Asker {
  readonly rules: readonly Rule[];
}

/** Nobody locks a workspace out of itself: no rule keeps these from its owners. */
const UNDENIABLE: readonly string[] = ['members', 'roles'];

/**
 * What a caller may do to the objects of one subject: the one reading of their rules. As a predicate (`allows`), as a query for stores
 * (`query`) and as an explanation (`explain` beside this) it says the same of every object.
 *
 * In this order: scopes and the key's workspace; the state of the workspace; a deny rule that matches refuses, and one that cannot be
 * evaluated counts as matching; an allow rule must match, and one that cannot be evaluated never does; else refused.
 */
export class Permission {
  /** Which objects: all, none, or those that the filter matches. */
  readonly query: Bound;
  /** Which fields of them. */
  readonly fields: FieldRules;
  /** Why the rules were not asked at all. */
  readonly shut: string | undefined;
  /** The rules that speak of it, in their order. */
  readonly bound: readonly BoundRule[];
  private readonly matches: (object: object) => boolean;
  /** A rule speaks of the time. */
  private readonly isOfItsTime: boolean;
  /** What became of it by these rules. */
  private readonly grown = new WeakMap<readonly Rule[], Permission>();

  private constructor(
    private readonly standing: Standing,
    readonly action: string,
    readonly subject: string,
  ) {
    this.shut = shutBy(standing, action, subject);
    this.bound = boundRules(standing, action, subject);
    this.query = this.shut === undefined ? queryOf(this.bound) : false;
    this.fields = FieldRules.of(this.bound, subject);
    this.matches = typeof this.query === 'boolean' ? () => this.query === true : compileFilter(this.query);
    this.isOfItsTime = this.bound.some(({ rule }) => rule.where?.includes('${now}') === true);
  }

  static of(standing: Standing, action: string, subject: string): Permission {
    return new Permission(standing, action, subject);
  }

  /** As it would be with these rules too: the same one for the same list of them. */
  with(rules: readonly Rule[]): Permission {
    const known = this.grown.get(rules);
    if (known !== undefined) return known;
    const grown = new Permission({ ...this.standing, rules: [...this.standing.rules, ...rules] }, this.action, this.subject);
    this.grown.set(rules, grown);
    return grown;
  }

  /** The user topics that were found out with it; undefined: nobody asked for them. */
  get topics(): readonly string[] | undefined {
    return this.standing.topics;
  }

  /** As it would be for who is in these user topics of the workspace: `${user.topics}`. */
  inTopics(topics: readonly string[]): Permission {
    return new Permission({ ...this.standing, topics }, this.action, this.subject);
  }

  /** As it is at another time, milliseconds since 1970: the same one, unless a rule speaks of the time. */
  at(now: number): Permission {
    if (!this.isOfItsTime || now === this.standing.now) return this;
    return new Permission({ ...this.standing, now }, this.action, this.subject);
  }

  /** Whether the action is allowed on this object. Never throws. */
  allows(object: object): boolean {
    return this.matches(object);
  }

  /** The deny rule that keeps the caller from everything, or from this object. */
  denyingRule(object?: object): Rule | undefined {
    return this.bound.filter(refusesObjects).find(({ where, matches }) => (object === undefined ? where === true : matches(object)))?.rule;
  }

  /** Refuses fields of what is `written` of this object that may not be, each with its place below `pointer`. */
  demandFields(object: object, written: object, pointer: string): void {
    const places = this.fields.refused(object, written);
    if (places.length === 0) return;
    const hiding = this.bound.filter((bound) => bound.effect === 'deny' && !refusesObjects(bound) && bound.matches(object));
    const reason = hiding.find(({ rule }) => rule.reason !== undefined)?.rule.reason;
    throw fieldRefusal(
      { action: this.action, subject: this.subject, reason },
      places.map((place) => `${pointer}${place}`),
    );
  }
}

/** Whether a rule, when it matches, refuses the whole object; one with fields only hides those. */
export function refusesObjects({ effect, rule }: BoundRule): boolean {
  return effect === 'deny' && rule.fields === undefined;
}

function boundRules({ rules, ...standing }: Standing, action: string, subject: string): readonly BoundRule[] {
  const undeniable = standing.owner === true && UNDENIABLE.includes(subject);
  const counting = undeniable ? rules.filter((rule) => 'allow' in rule) : rules;
  return counting.flatMap((rule) => bindRule(rule, action, subject, standing) ?? []);
}

function queryOf(bound: readonly BoundRule[]): Bound {
  const allowing = someOf(bound.filter(({ effect }) => effect === 'allow').map(({ where }) => where));
  const denying = someOf(bound.filter(refusesObjects).map(({ where }) => where));
  return allowing === false || denying === true ? false : everyOf([allowing, notOf(denying)]);
}
