import type { Perform } from '../usage/command';
export const performSchema: Perform = async () => 0;
