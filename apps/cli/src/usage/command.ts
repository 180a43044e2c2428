import type { Terminal } from '../terminal/terminal';

/** A flag: on or off, or with a value. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What its value is called; absent for a flag that is on or off. */
  readonly value?: string;
  /** The values it may have, when not any. */
  readonly values?: readonly string[];
  /** What it does: a sentence without a full stop. */
  readonly does: string;
}

/** A word line that works as it stands, and what it is for. */
export interface Example {
  readonly line: string;
  readonly shows: string;
}

/** What was typed, checked against the command's flags and operands. */
export interface Invocation {
  readonly operands: readonly string[];
  /** Whether an on-or-off flag is given. */
  on(flag: string): boolean;
  /** The value of a flag; the last one when it is given more than once. */
  value(flag: string): string | undefined;
  /** All values that a flag is given, in their order. */
  values(flag: string): readonly string[];
}

/** Performs a command; the result is the exit code. Refuses with `Refused`. */
export type Perform = (invocation: Invocation, terminal: Terminal) => Promise<number>;

/** A command: what it is called, what may be written behind it, and where its code is. */
export interface Command {
  /** One word, or a noun and a verb: `check`, `workspaces list`. */
  readonly name: string;
  /** What it does: a sentence without a full stop. */
  readonly does: string;
  /** What may stand behind the name, as help shows it: `[PATHS]`. */
  readonly operands: string;
  readonly mostOperands: number;
  /** What the operand may be, where that is one of a few words. */
  readonly operandWords?: readonly string[];
  readonly flags: readonly Flag[];
  readonly examples: readonly Example[];
  /** More to know: short paragraphs. */
  readonly more?: readonly string[];
  /** Loaded when performed: no command waits for the code of the others. */
  load(): Promise<Perform>;
}
