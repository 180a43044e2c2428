import type { Perform } from '../usage/command';
export const performFmt: Perform = async () => 0;
