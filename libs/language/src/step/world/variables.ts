import type { Json, JsonMap } from '@millrace/kernel';
import type { Env, Evaluate } from '../../expressions/env';
import { LanguageError } from '../../problems/language-error';
import { Chance } from '../../values/random';
import type { Value } from '../../values/value';
import { applyChange, pathText, valueAt } from '../../values/write';
import type { Change } from '../../values/write';
import type { Branch } from '../threads/branch';
import { withSecretsIn } from './config-secrets';
import { RESERVED, SHARED, prefilledAt, prefilledOf } from './context-keys';
import type { Surroundings } from './context-keys';
import { demandSecret } from './permissions';
import { remember } from './scrub';
import { viewOf } from './views';
import type { SharedContext } from '../effects';
import type { Frame } from '../state';

/** The variables and the world as one thread sees them: what expressions are evaluated in. */
export class Variables implements Env {
  private readonly seed: string;
  private left: number;
  readonly chance: Chance;

  constructor(private readonly branch: Branch) {
    this.seed = `${branch.machine.state.begin.seed}/${branch.thread.path}`;
    this.chance = new Chance(this.seed, branch.thread.drawn);
    this.left = this.mostUnits;
  }

  get now(): number {
    return this.branch.machine.state.now;
  }

  get longestText(): number {
    return this.branch.machine.limits.text;
  }

  private get mostUnits(): number {
    return this.branch.machine.limits.units;
  }

  get timeZone(): string {
    return this.branch.machine.plan.timeZone;
  }

  get locale(): string {
    return this.branch.machine.plan.locale;
  }

  get surroundings(): Surroundings {
    const { instance, app, parentApp } = this.branch.automation;
    return { state: this.branch.machine.state, scope: this.branch.scope, instance, app, parentApp };
  }

  /** Evaluates; when a context has to be loaded first, no draw of chance has happened. */
  evaluate(evaluate: Evaluate): Value {
    this.left = this.mostUnits;
    const { drawn } = this.branch.thread;
    this.chance.drawn = drawn;
    const value = evaluate(this);
    this.branch.thread.drawn = this.chance.drawn;
    return value;
  }

  restart(): void {
    this.left = this.mostUnits;
  }

  spend(units: number): void {
    this.left -= units;
    this.branch.machine.worked(units);
    if (this.left < 0) {
      throw new LanguageError(
        'language.expression_budget',
        `The expression takes more than ${this.mostUnits} units of work. Work on fewer items at once.`,
      );
    }
  }

  share(value: object): void {
    this.branch.machine.owned.delete(value);
  }

  variable(name: string, key?: string): Value {
    if (RESERVED.has(name)) return this.context(name, key);
    const { vars } = this.branch.scope;
    return Object.hasOwn(vars, name) ? vars[name] : undefined;
  }

  private context(name: string, key: string | undefined): Value {
    if (name === 'secret') return this.secrets(key);
    if (name === '$workspace') return this.branch.machine.plan.documents.get(this.branch.automation.instance);
    const around = this.surroundings;
    const fixed = key === undefined ? undefined : prefilledAt(name, key, around);
    if (key !== undefined && fixed !== undefined) return { [key]: fixed };
    const view = viewOf(this.branch, name as SharedContext);
    const value = name === 'config' ? this.configWithSecrets(view.value) : view.value;
    return key === undefined ? { ...value, ...prefilledOf(name, around) } : value;
  }

  /**
   * The configuration as it is meant: what it was declared to say of secrets is kept as it was written, and only read with them. What a run
   * wrote over it is no more than text, whatever it says: it may have come from anybody.
   */
  private configWithSecrets(config: JsonMap): JsonMap {
    const { machine, automation } = this.branch;
    const { secrets, documents } = machine.plan;
    if (!secrets.has(automation.instance)) return config;
    const declared = valueAt(documents.get(automation.instance), ['config', 'value']);
    const { value, words } = withSecretsIn(config, declared, (name) => machine.secretOf(automation.instance, name));
    remember(machine.state, words);
    return value;
  }

  /** Without a key nothing: a secret is read by its name. What was read must not be seen of the run from now on. */
  private secrets(key: string | undefined): Value {
    if (key === undefined) return {};
    const { machine, automation } = this.branch;
    demandSecret(this.branch, key);
    const value = machine.secretOf(automation.instance, key);
    if (value === undefined) return {};
    remember(machine.state, [value]);
    return { [key]: value };
  }

  /** Sets a local variable without a trace: what loops and `catch` lay over it and take away again. Never refused. */
  lay(name: string, value: readonly Json[]): void {
    this.local({ keys: [name], op: 'replace', value: value[0] });
  }

  /** A local variable as `lay` takes it back. */
  lift(name: string): readonly Json[] {
    const value = this.variable(name);
    if (typeof value === 'object' && value !== null) this.share(value);
    return value === undefined ? [] : [value];
  }

  /** Changes a local variable; the new value. A branch remembers it for when it is joined. */
  write(change: Change): Value {
    const [name = ''] = change.keys;
    if (RESERVED.has(name) && !SHARED.has(name))
      throw new LanguageError('language.read_only', `\`${pathText(change.keys)}\` is read-only.`);
    const { machine } = this.branch;
    machine.nesting.refuse(change.value, change.keys.length - 1);
    const value = this.local(change);
    machine.grew(change.value);
    const { writes } = this.branch.scope;
    if (writes !== undefined && !this.isLaid(name)) {
      writes.push({ keys: change.keys, op: change.op, ...(change.value === undefined ? {} : { value: change.value }) });
    }
    return value;
  }

  private local(change: Change): Value {
    const { scope, machine } = this.branch;
    const { root, value } = applyChange(scope.vars, change, machine.owned);
    scope.vars = root;
    return value;
  }

  /** Whether a name belongs to a loop or `catch` of this thread, and goes when that ends. */
  private isLaid(name: string): boolean {
    const { frames } = this.branch.thread;
    return frames.slice(frames.indexOf(this.branch.scope)).some((frame) => laysOver(frame, name));
  }

  /** All of the local variables. */
  get locals(): JsonMap {
    const { vars } = this.branch.scope;
    this.share(vars);
    return vars;
  }
}

function laysOver(frame: Frame, name: string): boolean {
  const loop = frame.f === 'repeat' || (frame.f === 'branch' && frame.pass === true);
  if (loop) return name === 'item' || name === '$index';
  return frame.f === 'try' && frame.phase === 'catch' && name === '$error';
}
