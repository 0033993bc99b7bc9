/** Prose made up of the words of the field, the same at every run. */
const vocabulary =
  'the of and to in for digital development information society internet governance access countries capacity building stakeholders should ensure support review process implementation cooperation technology infrastructure knowledge inclusive sustainable through policies financing communities rights human future summit outcomes global regional national connectivity affordable skills data trust security youth women rural education'.split(
    ' ',
  );

/** Numbers from 0 to 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

/** `count` paragraphs of `words` words; each begins with its number, so that it can be found. */
export function paragraphs(count: number, words: number, random = seeded(7)): string[] {
  return Array.from({ length: count }, (_, index) => {
    const made = Array.from({ length: words - 1 }, () => vocabulary[Math.floor(random() * vocabulary.length)]!);
    return `Item${index + 1} ${made.join(' ')}.`;
  });
}
