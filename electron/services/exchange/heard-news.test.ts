import { describe, expect, it } from 'vitest';
import { createHeardNews } from './heard-news.ts';

describe('news of a channel', () => {
  it('[SY51] gathers the heads told of until an exchange takes them, each once', () => {
    const heard = createHeardNews();
    expect(heard.take()).toEqual({});
    heard.hear(['heads/a', 'heads/b']);
    heard.hear(['heads/b']);
    expect(heard.take()).toEqual({ news: ['heads/a', 'heads/b'] });
    expect(heard.take()).toEqual({});
  });

  it('[SY51] leaves it to a listing when anything may have been missed, in whatever order that is told', () => {
    const heard = createHeardNews();
    for (const told of [
      [undefined, ['heads/a']],
      [['heads/a'], undefined],
      [['heads/a'], undefined, ['heads/b']],
    ]) {
      for (const each of told) heard.hear(each);
      expect(heard.take()).toEqual({});
    }
    heard.hear(['heads/c']);
    expect(heard.take()).toEqual({ news: ['heads/c'] });
  });

  it('[SY51] does not gather without end', () => {
    const heard = createHeardNews();
    for (let index = 0; index < 1000; index += 1) heard.hear([`heads/${index}`]);
    expect(heard.take()).toEqual({});
  });
});
