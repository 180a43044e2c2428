import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { documentsContract } from '../documents.contract';
import { MongoDocuments } from './mongo-documents';

const url = process.env['MILLRACE_MONGODB_URL'];
if (url === undefined)
  throw new Error('MILLRACE_MONGODB_URL is not set: start a server with `npm run stack -- up mongodb` and set what it prints.');

documentsContract('MongoDocuments', async () => {
  const database = `spec_${randomBytes(6).toString('hex')}`;
  return {
    open: () => MongoDocuments.open({ url, database }),
    remove: async () => {
      const connection = await mongoose.createConnection(url, { dbName: database }).asPromise();
      await connection.dropDatabase();
      await connection.close();
    },
  };
});
