import { join } from 'node:path';
import { stringify } from 'yaml';
import { parsed } from '../data/read';
import { isMap } from '../data/value';
import { Refused } from '../refused';
import { didYouMean } from '../usage/nearest';
import { readPrivate, writePrivate } from './private-file';

/** A server, and perhaps a workspace there, under a name. */
export interface Target {
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  readonly workspace?: string;
}

/** What lets us in at a target. */
export interface Credential {
  readonly token: string;
  /** The id of a token that `login` made, by which `logout` revokes it. */
  readonly id?: string;
}

interface Kept {
  readonly current?: string;
  readonly targets: Readonly<Record<string, Omit<Target, 'name'>>>;
}

type Credentials = Readonly<Record<string, Credential>>;

/** The targets of a person: `config.yaml` and, apart from it, `credentials.yaml`. Only their owner may read either. */
export class Targets {
  private readonly config: string;
  private readonly credentials: string;

  constructor(folder: string) {
    this.config = join(folder, 'config.yaml');
    this.credentials = join(folder, 'credentials.yaml');
  }

  all(): readonly Target[] {
    return Object.entries(this.kept().targets).map(([name, target]) => ({ name, ...target }));
  }

  /** The one that is meant when none is named. */
  current(): Target | undefined {
    const { current } = this.kept();
    return this.all().find(({ name }) => name === current);
  }

  /** Refuses a name that there is not. */
  get(name: string): Target {
    const all = this.all();
    const found = all.find((target) => target.name === name);
    if (found !== undefined) return found;
    const names = all.map((target) => target.name);
    throw new Refused(
      'cli.target_unknown',
      'not-found',
      `There is no target \`${name}\` here.${didYouMean(name, names)}`,
      names.length === 0 ? 'millrace login URL' : `it is one of ${names.join(', ')}; \`millrace login URL --name ${name}\` makes one.`,
    );
  }

  /** Keeps a target and makes it the current one. */
  keep({ name, ...target }: Target): void {
    const { targets } = this.kept();
    this.write({ current: name, targets: { ...targets, [name]: target } });
  }

  use(name: string): void {
    this.write({ ...this.kept(), current: this.get(name).name });
  }

  remove(name: string): void {
    this.forget(this.get(name).name);
    const { current, targets } = this.kept();
    const { [name]: _, ...others } = targets;
    this.write({ ...(current === undefined || current === name ? {} : { current }), targets: others });
  }

  credentialOf(name: string): Credential | undefined {
    return this.tokens()[name];
  }

  /** Keeps what lets us in at a target. */
  admit(name: string, credential: Credential): void {
    writePrivate(this.credentials, stringify({ ...this.tokens(), [name]: credential }));
  }

  forget(name: string): void {
    const { [name]: gone, ...others } = this.tokens();
    if (gone !== undefined) writePrivate(this.credentials, stringify(others));
  }

  private write(kept: Kept): void {
    writePrivate(this.config, stringify(kept));
  }

  private kept(): Kept {
    const { current, targets } = mapOf(this.config);
    return { ...(typeof current === 'string' ? { current } : {}), targets: (isMap(targets) ? targets : {}) as Kept['targets'] };
  }

  private tokens(): Credentials {
    return mapOf(this.credentials) as Credentials;
  }
}

function mapOf(file: string): Readonly<Record<string, unknown>> {
  const text = readPrivate(file);
  const found = text === undefined ? {} : parsed(text, file);
  return isMap(found) ? found : {};
}
