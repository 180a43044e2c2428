import type { NewEvent } from '@millrace/messaging';
import type { CollectionSpec } from '../collection';

/** A document for the suites. */
export interface Offer {
  readonly id: string;
  readonly title: string;
  readonly employer: string;
  readonly open: boolean;
  readonly slug?: string;
  readonly pay?: number;
}

export const OFFERS: CollectionSpec<Offer> = {
  name: 'offers',
  id: (offer) => offer.id,
  indexes: [
    { name: 'slug', of: (offer) => offer.slug, unique: true },
    { name: 'employer', of: (offer) => offer.employer },
    { name: 'open', of: (offer) => offer.open },
    { name: 'pay', of: (offer) => offer.pay },
  ],
};

export function offer(id: string, given: Partial<Offer> = {}): Offer {
  return { id, title: `Offer ${id}`, employer: 'lac', open: true, ...given };
}

export function told(id: string, given: Partial<NewEvent> = {}): NewEvent {
  return {
    id,
    workspaceId: 'ws_1',
    type: 'ads.offers.changed',
    time: 1_700_000_000_000,
    payload: new TextEncoder().encode(`{"offer":"${id}","name":"Zürich"}`),
    correlationId: 'cor_1',
    actor: { kind: 'user', id: 'u_1' },
    source: { service: 'ads' },
    ...given,
  };
}
