/** A run of hundreds of kills takes a quarter of an hour: whoever watches sees that it goes on, and how far it came if not. */
const every = 10;

export function tellProgress(done: number, of: number, found: string): void {
  if (of > every && done % every === 0) console.log(`${done} of ${of} kills, ${found}`);
}
