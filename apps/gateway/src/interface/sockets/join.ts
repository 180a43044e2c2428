import { pipeline, type Duplex } from 'node:stream';

/** Makes one connection of two: what one says the other hears; when one has ended and all it said is passed on, both are gone. */
export function join(one: Duplex, other: Duplex, onEnd: () => void): void {
  let open = true;
  const end = (): void => {
    one.destroy();
    other.destroy();
    if (open) onEnd();
    open = false;
  };
  pipeline(one, other, end);
  pipeline(other, one, end);
}
