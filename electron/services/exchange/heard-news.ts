/** What a channel's watch told since its last exchange began: which heads were put, or that everything is to be looked at. */
export interface Heard {
  /** Heads that the store told of, where that is all there is to look for. */
  readonly news?: readonly string[];
}

export interface HeardNews {
  hear(heads: readonly string[] | undefined): void;
  take(): Heard;
}

/** More at once is as well listed. */
const mostHeads = 100;

export function createHeardNews(): HeardNews {
  let heads = new Set<string>();
  let isEverything = false;
  return {
    hear(more) {
      for (const head of more ?? []) heads.add(head);
      if (more === undefined || heads.size > mostHeads) isEverything = true;
      if (isEverything) heads.clear();
    },
    take() {
      const news = isEverything || heads.size === 0 ? {} : { news: [...heads] };
      heads = new Set();
      isEverything = false;
      return news;
    },
  };
}
