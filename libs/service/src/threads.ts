import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Where Linux lists the threads of a process; other systems do not let one thread give way to another. */
const THREADS = '/proc/self/task';
/** What Node names the threads on which V8 collects garbage and compiles. */
const OF_V8 = 'V8Worker';
/** By how much they give way: to each of them a tenth of what the thread that answers gets, where they share a core. */
const NICENESS = 10;
/** Milliseconds after a start in which they are as good as any other: by then they have compiled what is run often. */
const COMPILING = 30_000;

/** Holds V8's own threads back once the code is compiled, so that collecting garbage does not make callers wait. */
export function holdThreadsBack(): void {
  setTimeout(giveWay, COMPILING).unref();
}

/** V8's own threads give way to the others from now on. Answers which threads those are: on Linux some, elsewhere none. */
export function giveWay(): readonly number[] {
  if (!existsSync(THREADS)) return [];
  const threads = readdirSync(THREADS).map(Number).filter(isOfV8);
  for (const thread of threads) setPriority(thread, NICENESS);
  return threads;
}

function isOfV8(thread: number): boolean {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim() === OF_V8;
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
