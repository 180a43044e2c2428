import { jest } from '@jest/globals';
import { eventLogContract } from '../event-log.contract';
import { LogFixtures } from './log-fixtures';

// A busy machine may take its time.
jest.setTimeout(60_000);

const fixtures = new LogFixtures(process.env['MILLRACE_NATS_URL']);

eventLogContract('JetStreamEventLog', (settings) => fixtures.open(settings));
