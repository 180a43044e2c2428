import type { BoundRule } from './bound-rules';
import { keepAt, lostIn, removeAt } from './paths';
import { vocabularyOf } from './vocabulary';

/** Which fields of the objects they may see a caller sees: of each object, those its allowing rules name minus those its denying rules do. */
export class FieldRules {
  /** Nothing is hidden of any object. */
  readonly open: boolean;
  /** A text that is the same for rules that show the same of every object. */
  readonly key: string;

  private constructor(
    private readonly allowing: readonly BoundRule[],
    private readonly hiding: readonly BoundRule[],
    private readonly identity: readonly string[],
  ) {
    this.open = hiding.length === 0 && allowing.every(({ rule }) => rule.fields === undefined);
    this.key = this.open ? '' : keyOf([...allowing, ...hiding]);
  }

  static of(bound: readonly BoundRule[], subject: string): FieldRules {
    return new FieldRules(
      bound.filter(({ effect, where }) => effect === 'allow' && where !== false),
      bound.filter(({ effect, rule, where }) => effect === 'deny' && rule.fields !== undefined && where !== false),
      vocabularyOf(subject)?.identity ?? [],
    );
  }

  /** The object without what is hidden. What tells one object from another always stays. */
  show<T extends object>(object: T): Partial<T> {
    if (this.open) return object;
    const allowing = this.allowing.filter(({ matches }) => matches(object));
    const all = allowing.some(({ rule }) => rule.fields === undefined);
    const allowed = all ? object : keepAt(object, [...this.identity, ...pathsOf(allowing)]);
    const hidden = pathsOf(this.hiding.filter(({ matches }) => matches(object))).filter((path) => !this.isIdentity(path));
    return removeAt(allowed, hidden) as Partial<T>;
  }

  /**
   * JSON Pointers to what of `written` the caller may not write: what no allowing rule names, and what a denying one does, be it what tells
   * objects apart. `object`: what rules go by, which has the same fields and more.
   */
  refused(object: object, written: object): readonly string[] {
    if (this.open) return [];
    const allowing = this.allowing.filter(({ matches }) => matches(object));
    const all = allowing.some(({ rule }) => rule.fields === undefined);
    const allowed = all ? written : keepAt(written, [...this.identity, ...pathsOf(allowing)]);
    return lostIn(written, removeAt(allowed, pathsOf(this.hiding.filter(({ matches }) => matches(object)))));
  }

  /**
   * Whether a filter, a search or an order may go by this field: not if it, or something above or below it, is hidden on any object,
   * because then it could be guessed.
   */
  mayAsk(path: string): boolean {
    if (this.open || this.isIdentity(path)) return true;
    if (pathsOf(this.hiding).some((hidden) => isWithin(path, hidden) || isWithin(hidden, path))) return false;
    const shows = ({ rule }: BoundRule): boolean => rule.fields?.some((field) => isWithin(path, field)) ?? true;
    return this.allowing.every(shows) || this.allowing.some((rule) => rule.where === true && shows(rule));
  }

  private isIdentity(path: string): boolean {
    return this.identity.some((each) => isWithin(path, each));
  }
}

function keyOf(rules: readonly BoundRule[]): string {
  return JSON.stringify(rules.map(({ effect, rule, where }) => [effect, rule.fields ?? null, where]));
}

function pathsOf(rules: readonly BoundRule[]): readonly string[] {
  return rules.flatMap(({ rule }) => rule.fields ?? []);
}

function isWithin(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`);
}
