/**
 * What the desktop's main process and the services' utility process say to each other. The page's own traffic does not
 * pass here: it goes over a MessagePort that main hands to both sides.
 */

import type { FilePurpose } from '../../shared/contract/files.ts';

/** Things only the main process can do; the services ask. */
export interface Asks {
  openFiles: { value: FilePurpose; answer: readonly string[] | null };
  openFolder: { value: null; answer: string | null };
  saveFile: { value: string; answer: string | null };
  /** safeStorage; null when the system has no key store. Bytes as base64. */
  encrypt: { value: string; answer: string | null };
  decrypt: { value: string; answer: string | null };
  readSettings: { value: null; answer: string };
  writeSettings: { value: string; answer: null };
}
export type Ask = keyof Asks;

export type HostToMain =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'ask'; readonly id: number; readonly ask: Ask; readonly value: unknown }
  | { readonly type: 'uploaded'; readonly id: number; readonly grant: string }
  | { readonly type: 'closed' };

export type MainToHost =
  | { readonly type: 'page' }
  | { readonly type: 'open'; readonly paths: readonly string[] }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'upload'; readonly id: number; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: 'close' };
