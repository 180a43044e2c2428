import type { PlannedBody } from '../../plan/nodes';
import type { Frame, ThreadState } from '../state';

/** The place of the instruction a thread is at: positions from the root, `#n` for a pass, `>` into a call. */
export function placeOf(thread: ThreadState, bodyOf: (slug: string) => PlannedBody | undefined): string {
  let text = thread.path;
  let body: PlannedBody | undefined;
  for (const [index, frame] of thread.frames.entries()) {
    if (frame.f === 'call' || frame.f === 'branch') {
      body = bodyOf(frame.slug);
      if (index > 0) text += '>';
    } else text = placeIn(text, frame, body);
  }
  return text;
}

function placeIn(text: string, frame: Frame, body: PlannedBody | undefined): string {
  switch (frame.f) {
    case 'block':
      return body?.blocks[frame.b]?.alone === true ? text : below(text, frame.i);
    case 'repeat':
      return `${text}#${frame.pass}`;
    case 'try':
      return frame.phase === 'do' ? text : below(text, frame.phase);
    default:
      return text;
  }
}

function below(place: string, part: string | number): string {
  return place === '' || place.endsWith('>') ? `${place}${part}` : `${place}/${part}`;
}
