import { Refused } from '../refused';
import type { Perform } from '../usage/command';

/** `millrace schema`. */
export const performSchema: Perform = () =>
  Promise.reject(new Refused('cli.not_there_yet', 'unavailable', 'This command is not there yet.', 'wait for the next version.'));
