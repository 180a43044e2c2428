export { eventsService } from './events.module';
