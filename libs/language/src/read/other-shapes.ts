import { boolean, dictionary, duration, either, expression, list, map, mapOf, oneOf, raw, strictList, text } from '../shapes/shape';
import type { Shape } from '../shapes/shape';

type MapShape = Extract<Shape, { kind: 'map' }>;

const localized: Shape = either(text, mapOf(text));

/** A declared event, `events/*.yaml`. */
export const eventShape: MapShape = {
  kind: 'map',
  fields: {
    type: { shape: text, is: 'Its name', default: 'from the name of the file' },
    title: { shape: localized, is: 'What people call it' },
    description: { shape: localized, is: 'What it says' },
    schema: { shape: raw, is: 'JSON Schema of the payload' },
    mode: { shape: oneOf('enforce', 'warn', 'off'), is: 'What becomes of a payload that does not fit', default: 'warn' },
    compatibility: { shape: oneOf('backward', 'none'), is: 'Whether a new schema must accept what the old one did', default: 'backward' },
    clients: { shape: either(boolean, text), is: 'Whether clients may send it: true, false or a filter', default: true },
    key: { shape: text, is: 'The path into the payload that orders it' },
    retention: { shape: either(duration, text), is: 'How long history keeps it' },
    index: { shape: dictionary, is: 'Number and date fields to aggregate' },
    personal: { shape: list(text), is: 'Paths that speak of a person' },
    secret: { shape: list(text), is: 'Paths that are removed at the door' },
  },
};

const INSTANCE = map({
  app: { shape: text, is: 'The app', required: true },
  version: { shape: text, is: 'Its version or range' },
  config: { shape: dictionary, is: 'The configuration of the instance' },
  disabled: { shape: boolean, is: 'Whether it is switched off', default: false },
  labels: { shape: strictList(text), is: 'For search and grouping' },
  shares: { shape: list(expression), is: 'Paths of contexts it shares with its host' },
});

/** Installed apps, `apps.yaml`: instance slug to app. */
export const appsShape: MapShape = { kind: 'map', fields: {}, rest: INSTANCE };
