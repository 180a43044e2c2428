import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '@millrace/kernel';
import { composeRules } from '../../application/policies/compose-rules';
import type { GatewayRules, RulesInForce } from '../../application/policies/rules';
import { readRules } from './read-rules';

export interface GatewayFileOptions {
  readonly file: string;
  /** Whether it must be there. */
  readonly required: boolean;
  /** Told of each reading after the first: undefined when the rules hold, else why the old ones stay. */
  readonly onRead: (problem: unknown) => void;
}

/** Milliseconds between two looks at the file. */
const LOOKS = 1_000;

/** The operators' file: read at the start, and again when it changes or the process gets SIGHUP. A wrong one changes nothing. */
export class GatewayFile {
  private rules: RulesInForce | undefined;
  /** What tells the file that was read from a later one. */
  private stamp = '';
  private timer: NodeJS.Timeout | undefined;
  private readonly again = (): void => this.reload();

  constructor(private readonly options: GatewayFileOptions) {}

  /** What the file says; the defaults where there is none. Refuses (`gateway.file_missing`, `gateway.file_invalid`). */
  read(): GatewayRules {
    const { file, required } = this.options;
    this.stamp = stampOf(file);
    const text = textOf(file);
    if (text !== undefined) return readRules(text, basename(file));
    if (!required) return composeRules({});
    throw new DomainError(
      'gateway.file_missing',
      'invalid',
      `MILLRACE_GATEWAY_FILE names ${file}, which cannot be read. Write it, or unset the variable.`,
    );
  }

  /** Keeps `rules` as the file says from now on. */
  follow(rules: RulesInForce): void {
    this.rules = rules;
    this.timer = setInterval(() => {
      if (stampOf(this.options.file) !== this.stamp) this.reload();
    }, LOOKS).unref();
    process.on('SIGHUP', this.again);
  }

  close(): void {
    clearInterval(this.timer);
    process.off('SIGHUP', this.again);
  }

  private reload(): void {
    try {
      this.rules?.replace(this.read());
      this.options.onRead(undefined);
    } catch (error) {
      this.options.onRead(error);
    }
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 'absent' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
