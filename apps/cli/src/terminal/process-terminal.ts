import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { lookOf, settingsOf } from '../config';
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
    settings: settingsOf(),
    time: {
      now: () => Date.now(),
      pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, signal === undefined ? {} : { signal }),
    },
    interruption: () => {
      const asked = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort());
      return asked.signal;
    },
  };
}

function channel(stream: NodeJS.WriteStream): Channel {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return { look: lookOf(stream), isTerminal: stream.isTTY, write: (written) => stream.write(written) };
}
