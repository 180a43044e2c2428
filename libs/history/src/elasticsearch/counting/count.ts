import type { AggregateQuery } from '../../history';
import { Tally } from '../../tally';
import { allOf, NONE, noneOf } from '../query/bounds';
import { conditionOf, viewOf } from '../query/condition';
import type { Place } from '../place';
import { walk } from '../scan';
import { groupingOf } from './grouping';

const FIRST = 200;

/**
 * Counts events. The store counts those of which it knows that they fit and what they hold; all others that may fit are read and looked at.
 * What comes meanwhile is counted or not, never twice.
 */
export async function count(place: Place, query: AggregateQuery): Promise<Tally> {
  const { scope, bounds, fits } = conditionOf(query);
  const grouping = groupingOf(query.by);
  const sure = allOf([bounds.must, grouping.sure]);
  const counts = await grouping.counted(place, allOf([scope, sure]));
  const tally = new Tally();
  for (const [value, often] of counts ?? []) if (often > 0) tally.add(value, often);
  const rest = allOf([scope, bounds.may, ...(counts === undefined ? [] : [noneOf(sure)])]);
  if (rest === NONE || (counts !== undefined && sure === bounds.may)) return tally;
  await walk(place, { query: rest, sort: 'oldest', first: FIRST }, (event) => {
    const view = viewOf(event);
    if (fits?.(view) ?? true) for (const value of grouping.valuesOf(view)) tally.add(value);
    return true;
  });
  return tally;
}
