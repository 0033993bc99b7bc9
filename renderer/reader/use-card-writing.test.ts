import { describe, expect, it } from 'vitest';
import type { AnnotationView } from '../../shared/contract/annotations.ts';
import { headsOfOwnText } from './use-card-writing.ts';

const view = (
  heads: readonly string[],
  versions: readonly (readonly [value: string, head: string])[] = [],
): AnnotationView =>
  ({
    heads: { body: heads },
    conflicts:
      versions.length > 0
        ? [{ field: 'body', versions: versions.map(([value, head]) => ({ value, heads: [head] })) }]
        : [],
  }) as unknown as AnnotationView;

describe('what the next edit of a card may supersede', () => {
  it('all heads, when one’s own text is the only one', () => {
    expect(headsOfOwnText(view(['own']), 'mine')).toEqual(['own']);
  });
  it('not the text of a partner that arrived while writing', () => {
    expect(
      headsOfOwnText(
        view(
          ['own', 'theirs'],
          [
            ['theirs', 'theirs'],
            ['mine', 'own'],
          ],
        ),
        'mine',
      ),
    ).toEqual(['own']);
  });
});
