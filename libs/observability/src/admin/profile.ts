import { Session } from 'node:inspector/promises';
import { setTimeout } from 'node:timers/promises';
import type { AdminAnswer } from './administered';

const USUAL = 10;
const LONGEST = 60;

let isRunning = false;

/** `seconds`: 1 to 60, 10 when absent. Answers where the processor's time went meanwhile, as a `.cpuprofile`; one at a time. */
export async function cpuProfile(seconds: string | null): Promise<AdminAnswer> {
  const wanted = seconds === null ? USUAL : Number(seconds);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > LONGEST) {
    return { status: 400, body: { detail: `"seconds" is a whole number from 1 to ${LONGEST}.` } };
  }
  if (isRunning) return { status: 409, body: { detail: 'A profile is being taken. Try again when it is done.' } };
  isRunning = true;
  const session = new Session();
  try {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await setTimeout(wanted * 1000);
    const { profile } = await session.post('Profiler.stop');
    return { status: 200, body: profile };
  } finally {
    session.disconnect();
    isRunning = false;
  }
}
