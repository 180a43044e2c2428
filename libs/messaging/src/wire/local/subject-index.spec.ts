import { describe, expect, it } from '@jest/globals';
import { SubjectIndex } from './subject-index';

describe('SubjectIndex', () => {
  it('routes to one member of each group, in turn, whether they joined by name or by pattern', () => {
    const index = new SubjectIndex<string>();
    index.add('a.b', 'g', 'one');
    index.add('a.*', 'g', 'two');
    index.add('a.>', undefined, 'everyone');
    const takes = [0, 1, 2].map(() => index.route('a.b').map((group) => group.next()));
    expect(takes.map((take) => take[0])).toEqual(['one', 'two', 'one']);
    expect(takes.map((take) => take[1])).toEqual(['everyone', 'everyone', 'everyone']);
  });

  it('forgets who left', () => {
    const index = new SubjectIndex<string>();
    const leave = index.add('a.b', 'g', 'one');
    expect(index.route('a.b')).toHaveLength(1);
    leave();
    expect(index.route('a.b')).toHaveLength(0);
  });

  it('stays right for more subjects than it remembers, and balanced over them', () => {
    const index = new SubjectIndex<string>();
    index.add('worker.*', 'g', 'one');
    index.add('worker.*', 'g', 'two');
    const taken = Array.from({ length: 10_000 }, (_, n) => index.route(`worker.${n}`)[0]?.next());
    expect(taken.filter((who) => who === 'one')).toHaveLength(5_000);
  });
});
