/**
 * What the page may ask of the services. `shared/contract/` holds the operations and events as schemas, from which the
 * types are inferred, and the framing that carries them over a MessagePort, a WebSocket or memory. Input is validated
 * where it enters the services, events and results where they enter the page, and nowhere between.
 */
import { annotationsContract } from './annotations.ts';
import { circlesContract } from './circles.ts';
import { companionsContract } from './companions.ts';
import { draftsContract } from './drafts.ts';
import { filesContract } from './files.ts';
import { libraryContract } from './library.ts';
import { mergingContract } from './merging.ts';
import { profileContract } from './profile.ts';
import { roomContract } from './room.ts';
import { protectionContract } from './protection.ts';
import type { z } from './schema.ts';
import { searchContract } from './search.ts';

export const contract = {
  profile: profileContract,
  protection: protectionContract,
  files: filesContract,
  library: libraryContract,
  search: searchContract,
  annotations: annotationsContract,
  drafts: draftsContract,
  circles: circlesContract,
  companions: companionsContract,
  merging: mergingContract,
  room: roomContract,
} as const;

export interface OperationDef {
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}
export interface ServiceContract {
  readonly operations: Readonly<Record<string, OperationDef>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
}

export type Contract = typeof contract;
export type ServiceName = keyof Contract;

/** Progress of a long operation, in units of its own (`done` of `total`; total 0 = not known yet). */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
}

/** What an operation is handed beside its input: a signal that the caller cancelled, and where to report progress. */
export interface CallContext {
  readonly signal: AbortSignalLike;
  progress(progress: Progress): void;
}
/** The part of AbortSignal that services use; `shared/` has no DOM. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

type Operations<S extends ServiceContract> = S['operations'];

/** The services' side: one async method per operation. */
export type ServiceImplementation<S extends ServiceContract> = {
  readonly [O in keyof Operations<S>]: (
    input: z.output<Operations<S>[O]['input']>,
    context: CallContext,
  ) => Promise<z.input<Operations<S>[O]['output']>>;
};
export type Services = { readonly [S in ServiceName]: ServiceImplementation<Contract[S]> };

/** The page's side of the same thing. */
export type ServiceClient<S extends ServiceContract> = {
  readonly [O in keyof Operations<S>]: (
    input: z.input<Operations<S>[O]['input']>,
    options?: { signal?: AbortSignalLike; onProgress?: (progress: Progress) => void },
  ) => Promise<z.output<Operations<S>[O]['output']>>;
} & {
  /** Listens to an event; the returned function stops listening. */
  readonly on: <E extends keyof S['events']>(
    event: E,
    listener: (payload: z.output<S['events'][E]>) => void,
  ) => () => void;
};
export type WorkbenchClient = { readonly [S in ServiceName]: ServiceClient<Contract[S]> };

/** How services announce events to whoever is connected. */
export interface EventSink {
  emit<S extends ServiceName, E extends keyof Contract[S]['events'] & string>(
    service: S,
    event: E,
    payload: Contract[S]['events'][E] extends z.ZodType ? z.input<Contract[S]['events'][E]> : never,
  ): void;
}
