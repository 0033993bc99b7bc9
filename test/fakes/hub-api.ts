/** A fetch that holds every answer of a hub against openapi.json: its operation, its status, its form. */
import fastify from 'fastify';
import { readApiDescription, type Operation } from '../../hub/server/api-description.ts';

export interface CheckedApi {
  readonly fetch: typeof globalThis.fetch;
  /** `operation status` of every answer so far. */
  readonly seen: ReadonlySet<string>;
  /** Answers that openapi.json does not describe. */
  readonly violations: readonly string[];
}

type Validate = (value: unknown) => boolean;

/** Compiles as the hub does, without changing what is looked at. */
async function schemaCompiler(): Promise<(schema: Record<string, unknown>) => Validate> {
  const customOptions = { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true };
  const app = fastify({ ajv: { customOptions } } as never);
  let compile: ((schema: Record<string, unknown>) => Validate) | null = null;
  app.get('/', (request, reply) => {
    compile = (schema) => request.compileValidationSchema(schema) as Validate;
    reply.send({});
  });
  await app.inject('/');
  return compile!;
}

export async function createCheckedApi(): Promise<CheckedApi> {
  const operations = readApiDescription();
  const compile = await schemaCompiler();
  const seen = new Set<string>();
  const violations: string[] = [];

  function find(method: string, path: string): Operation | undefined {
    const fitting = operations.filter(
      (each) => each.method === method && new RegExp(`^${each.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    // `/objects/circle` fits no other path; the one without parameters would win.
    return fitting[0];
  }

  return {
    seen,
    violations,
    async fetch(input, init) {
      const response = await fetch(input, init);
      const { pathname } = new URL(String(input));
      const operation = find(init?.method ?? 'GET', pathname);
      if (!operation) return response;
      const { status } = response;
      const what = `${operation.id} ${status}`;
      seen.add(what);
      if (!operation.responses.has(status)) violations.push(`${what} is not described`);
      const schema = operation.responses.get(status);
      if (schema) {
        const value: unknown = await response.clone().json();
        if (!compile(schema as Record<string, unknown>)(value)) violations.push(`${what}: ${JSON.stringify(value)}`);
      }
      return response;
    },
  };
}
