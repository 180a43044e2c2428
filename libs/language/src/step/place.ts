import type { PlannedBody } from '../plan/nodes';
import type { ThreadState } from './state';

/** The place of the instruction a thread is at: positions from the root, `#n` for a pass, `>` into a call. */
export function placeOf(thread: ThreadState, bodyOf: (slug: string) => PlannedBody | undefined): string {
  let text = thread.path;
  let body: PlannedBody | undefined;
  for (const [index, frame] of thread.frames.entries()) {
    if (frame.f === 'call' || frame.f === 'branch') {
      body = bodyOf(frame.slug);
      if (frame.f === 'call' && index > 0) text += '>';
    } else if (frame.f === 'block') {
      if (body?.blocks[frame.b]?.alone !== true) text = below(text, frame.i);
    } else if (frame.f === 'repeat') text += `#${frame.pass}`;
    else if (frame.f === 'try' && frame.phase !== 'do') text = below(text, frame.phase);
  }
  return text;
}

function below(place: string, part: string | number): string {
  return place === '' || place.endsWith('>') ? `${place}${part}` : `${place}/${part}`;
}
