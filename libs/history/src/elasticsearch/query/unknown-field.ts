import { UNDECIDED, type Bounds } from './bounds';
import type { Field } from './field';

/** A field that the store knows nothing of. */
export class UnknownField implements Field {
  equals(): Bounds {
    return UNDECIDED;
  }

  isNull(): Bounds {
    return UNDECIDED;
  }

  exists(): Bounds {
    return UNDECIDED;
  }

  compares(): Bounds {
    return UNDECIDED;
  }
}
