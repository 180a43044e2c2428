import { LoopSlices } from '@millrace/service';
import { Turns } from '../../application/ports/turns';

/** Milliseconds in which everybody must have waited: a burst, or a hitch, makes only some of them wait. */
const WINDOW = 100;

/** Slices of work, one in each turn of the event loop; what is read from sockets between them is refused or waits in line. */
export class LoopTurns extends Turns {
  private readonly slices = new LoopSlices((now, waited) => this.note(now, waited));
  private readonly window = { begunAt: 0, least: 0, before: 0 };

  override next(): Promise<void> | undefined {
    return this.slices.next();
  }

  override waited(): number {
    return Math.min(this.window.before, this.slices.waited() ?? 0);
  }

  private note(now: number, waited: number): void {
    const { window } = this;
    window.least = Math.min(window.least, waited);
    if (now < window.begunAt + WINDOW) return;
    window.before = window.least;
    window.least = Infinity;
    window.begunAt = now;
  }
}
