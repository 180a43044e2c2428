import { millrace } from '../src/millrace';
import type { Channel, Terminal } from '../src/terminal/terminal';

/** What came of a command: its exit code, and all it wrote. */
export interface Typed {
  readonly code: number;
  readonly output: string;
  readonly notes: string;
}

interface Around {
  /** The folder it is typed in. */
  readonly folder?: string;
  /** What is piped in, or how that fails; without it, a person sits at the terminal. */
  readonly input?: string | Error;
  /** What the person types, line by line. */
  readonly lines?: readonly string[];
  readonly colour?: boolean;
  readonly columns?: number;
}

/** Types a command and waits for its end. */
export async function typed(words: readonly string[], around: Around = {}): Promise<Typed> {
  const output: string[] = [];
  const notes: string[] = [];
  const code = await millrace(words, terminal(around, output, notes));
  return { code, output: output.join(''), notes: notes.join('') };
}

function terminal(
  { folder = process.cwd(), input, lines = [], colour = false, columns = 100 }: Around,
  output: string[],
  notes: string[],
): Terminal {
  const channel = (written: string[]): Channel => ({ look: { colour, columns }, write: (text) => void written.push(text) });
  return {
    folder,
    output: channel(output),
    notes: channel(notes),
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
  };
}
