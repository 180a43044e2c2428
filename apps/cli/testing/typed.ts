import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Settings } from '../src/config';
import { millrace } from '../src/millrace';
import type { Channel, Terminal, Time } from '../src/terminal/terminal';

/** What came of a command: its exit code, and all it wrote. */
export interface Typed {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

export interface Around {
  /** The folder it is typed in. */
  readonly folder?: string;
  /** What is piped in, or how that fails; without it, a person sits at the terminal. */
  readonly input?: string | Error;
  /** What the person types, line by line. */
  readonly lines?: readonly string[];
  readonly colour?: boolean;
  readonly columns?: number;
  /** Where it keeps things, and what its environment says; without it, nowhere and nothing. */
  readonly settings?: Partial<Settings>;
  readonly time?: Time;
  /** Ends the command, as a person does. */
  readonly interruption?: AbortSignal;
  /** A person reads the output; without it, it is piped. */
  readonly seen?: boolean;
  /** Called with each piece of output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Called with each note as it comes. */
  readonly onNote?: (text: string) => void;
}

const NOWHERE = join(tmpdir(), 'millrace-cli-nowhere');
const REAL_TIME: Time = {
  now: () => Date.now(),
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
};

/** Types a command and waits for its end. */
export async function typed(words: readonly string[], around: Around = {}): Promise<Typed> {
  const output: string[] = [];
  const notes: string[] = [];
  const code = await millrace(words, terminal(around, output, notes));
  return { code, output: output.join(''), notes: notes.join('') };
}

function terminal(around: Around, output: string[], notes: string[]): Terminal {
  const { folder = process.cwd(), input, lines = [], colour = false, columns = 100, seen = false, onOutput, onNote } = around;
  const channel = (write: (text: string) => void): Channel => ({ look: { colour, columns }, isTerminal: seen, write });
  const print = (text: string): void => {
    output.push(text);
    onOutput?.(text);
  };
  return {
    folder,
    output: channel(print),
    notes: channel((text) => {
      notes.push(text);
      onNote?.(text);
    }),
    input: {
      isTerminal: input === undefined,
      text: async () => {
        if (input instanceof Error) throw input;
        return input ?? '';
      },
      lines: async function* () {
        yield* lines;
      },
    },
    settings: { configFolder: NOWHERE, ...around.settings },
    time: around.time ?? REAL_TIME,
    interruption: () => around.interruption ?? new AbortController().signal,
  };
}
