import { jest } from '@jest/globals';
import { eventLogContract } from '../event-log.contract';
import { openLog } from './fixture';

// A busy machine may take its time.
jest.setTimeout(60_000);

eventLogContract('JetStreamEventLog', openLog);
