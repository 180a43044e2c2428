import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { lookOf } from '../config';
import type { Channel, Terminal } from './terminal';

/** The terminal of this process. A reader that goes away (`millrace check | head`) ends the process quietly. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    folder: process.cwd(),
    output: channel(stdout),
    notes: channel(stderr),
    input: {
      isTerminal: stdin.isTTY,
      text: () => text(stdin),
      lines: () => createInterface({ input: stdin, output: stderr, prompt: '> ' }),
    },
  };
}

function channel(stream: NodeJS.WriteStream): Channel {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return { look: lookOf(stream), write: (written) => stream.write(written) };
}
