/**
 * Reads a body into memory, but neither more of it than allowed nor from somebody who lets the connection hang: a body
 * must move so many bytes in each window, which the slowest link of a delegate does and a hoarder of connections does not.
 */
import type { Readable } from 'node:stream';
import { HubError } from '../hub-error.ts';

export interface BodyLimits {
  readonly receivingBytes: number;
  readonly slowestBytesPerWindow: number;
  readonly slowWindowMs: number;
}

export interface BodyReceiver {
  /** Fails with `object-too-large`, `body-too-slow`, `busy`, or `invalid-input` when it ends early. */
  receive(body: Readable, declaredBytes: number | null, limitBytes: number): Promise<Uint8Array>;
}

export function createBodyReceiver(limits: BodyLimits): BodyReceiver {
  /** Of all bodies at the moment, so that many large ones cannot take all memory. */
  let held = 0;

  return {
    async receive(body, declaredBytes, limitBytes) {
      if ((declaredBytes ?? 0) > limitBytes) throw tooLarge(limitBytes);
      const reserved = declaredBytes ?? limitBytes;
      if (held > 0 && held + reserved > limits.receivingBytes) {
        throw new HubError('busy', 'The hub is receiving much at the moment. Try again soon.', {
          retryAfterSeconds: 2,
        });
      }
      held += reserved;
      let inWindow = 0;
      const watch = setInterval(() => {
        if (inWindow < limits.slowestBytesPerWindow) {
          body.destroy(new HubError('body-too-slow', 'The body came too slowly. Send it again.'));
        }
        inWindow = 0;
      }, limits.slowWindowMs);
      const chunks: Buffer[] = [];
      let size = 0;
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          inWindow += chunk.length;
          size += chunk.length;
          if (size > limitBytes) throw tooLarge(limitBytes);
          chunks.push(chunk);
        }
      } catch (error) {
        if (error instanceof HubError) throw error;
        throw new HubError('invalid-input', 'The body ended before it was whole.', { cause: error });
      } finally {
        clearInterval(watch);
        held -= reserved;
      }
      return Buffer.concat(chunks);
    },
  };
}

function tooLarge(limitBytes: number): HubError {
  return new HubError('object-too-large', `More than ${limitBytes} bytes are not taken here.`);
}
