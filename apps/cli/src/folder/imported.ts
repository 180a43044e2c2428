import { translateArchive, type Imported } from '@millrace/language';

/** The files as a workspace of ours, whichever system they are of. */
export function imported(files: Readonly<Record<string, string>>): Imported {
  const steps = translateArchive(files);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
