import type { Json, JsonMap } from '@millrace/kernel';
import type { PlannedNode } from '../../plan/nodes';
import { namedId } from '../../values/named-id';
import { isMap, lineOf, ownOf, textOf } from '../../values/value';
import { valueAt } from '../../values/write';
import type { Branch } from './branch';
import { emittedName } from '../world/emitted-name';
import type { Settled } from './operation';
import { heldEvent } from '../world/held-event';
import { sourceOf } from '../world/source';
import type { DrainFrame } from '../state';

/** Begins to publish the answer of a fetch chunk by chunk; an answer that is no stream is its only chunk. */
export function drain(branch: Branch, node: PlannedNode, answer: JsonMap, as: JsonMap): Settled {
  const stream = ownOf(answer, 'stream');
  const frame: DrainFrame = { f: 'drain', n: node.n, stream: stream ?? null, as, result: null, index: 0, joined: '', published: 0 };
  branch.push({ ...frame, ...(stream === undefined ? { held: ownOf(answer, 'body') ?? null, ended: true } : {}) });
  return { proceed: true };
}

/** Asks for the next chunk; at the end publishes what was held back. False: the chunk has to come first. */
export function proceedDrain(branch: Branch, node: PlannedNode, frame: DrainFrame): boolean {
  if (frame.ended !== true) {
    branch.await(node, { kind: 'chunk', request: { stream: frame.stream } }, { suffix: `#${frame.index}:chunk` });
    return false;
  }
  if (frame.held !== undefined) publish(branch, frame, frame.held);
  const last = ownOf(frame.as, 'endChunk');
  if (last !== undefined) publish(branch, frame, last);
  branch.finish(node, [frame.result]);
  return true;
}

/** A chunk has come, or the end. */
export function takePublished(branch: Branch, frame: DrainFrame, value: Json): Settled {
  const item = isMap(value) ? ownOf(value, 'item') : undefined;
  if (item === undefined) frame.ended = true;
  else take(branch, frame, isMap(item) ? (ownOf(item, 'chunk') ?? item) : item);
  return { proceed: true };
}

function take(branch: Branch, frame: DrainFrame, chunk: Json): void {
  const { now } = branch.machine.state;
  const concatenate = ownOf(frame.as, 'concatenate');
  const joins = isMap(concatenate) ? concatenate : {};
  if (isMap(concatenate))
    frame.joined += lineOf(
      valueAt(
        chunk,
        textOf(joins['path'])
          .split('.')
          .filter((key) => key !== ''),
      ),
    );
  if (now - frame.published < Number(joins['throttle'] ?? 0)) frame.held = chunk;
  else publish(branch, frame, chunk);
  frame.index += 1;
}

function publish(branch: Branch, frame: DrainFrame, chunk: Json): void {
  const { as } = frame;
  const { state } = branch.machine;
  const suffix = `#${frame.index}${frame.ended === true ? `:end${Number(frame.held === undefined)}` : ''}`;
  const target = ownOf(as, 'target');
  const options = ownOf(as, 'options');
  const payload: JsonMap = {
    index: frame.index,
    chunk,
    additionalPayload: ownOf(as, 'payload') ?? {},
    ...(isMap(ownOf(as, 'concatenate')) ? { concatenated: { value: frame.joined } } : {}),
  };
  const event = emittedName(branch, textOf(as['event']));
  const held = heldEvent(branch.machine, event, payload);
  branch.request(
    {
      kind: 'emit',
      request: {
        id: namedId('evt', `${state.begin.run}/${branch.place}${suffix}`),
        event,
        ...held,
        source: sourceOf(branch),
        ...(isMap(target) ? { target } : {}),
        ...(isMap(options) ? { options } : {}),
      },
    },
    suffix,
  );
  frame.published = state.now;
  delete frame.held;
}
