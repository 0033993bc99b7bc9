/** openapi.json as the server reads it: one list of operations, with every reference followed. */
import description from '../openapi.json' with { type: 'json' };

export type Schema = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** As in openapi.json, with `{name}` for parameters. */
  readonly path: string;
  readonly needsSession: boolean;
  /** Of the parameters in each place, for validation; null where there are none. */
  readonly params: Schema | null;
  readonly query: Schema | null;
  readonly body: Schema | null;
  /** Takes bytes instead of JSON. */
  readonly takesBytes: boolean;
  /** By status: the schema of the JSON answer, or null for anything else. */
  readonly responses: ReadonlyMap<number, Schema | null>;
}

const methods = ['get', 'put', 'post', 'delete'] as const;
const json = 'application/json';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

/** Replaces every `$ref` by what it points to. */
function follow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(follow);
  if (typeof value !== 'object' || value === null) return value;
  const { $ref } = value as { readonly $ref?: string };
  if ($ref === undefined) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, follow(each)]));
  const target = $ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], description);
  return follow(target);
}

function schemaOf(parameters: readonly Parameter[], place: string): Schema | null {
  const here = parameters.filter((parameter) => parameter.in === place);
  if (here.length === 0) return null;
  return {
    type: 'object',
    additionalProperties: false,
    required: here.filter(({ required }) => required).map(({ name }) => name),
    properties: Object.fromEntries(here.map(({ name, schema }) => [name, schema])),
  };
}

interface Described {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export function readApiDescription(): readonly Operation[] {
  const paths = follow(description.paths) as Record<string, Record<string, unknown>>;
  return Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => method in item)
      .map((method) => {
        const operation = item[method] as Described;
        const parameters = [...((item['parameters'] ?? []) as Parameter[]), ...(operation.parameters ?? [])];
        const content = operation.requestBody?.content ?? {};
        const responses = Object.entries(operation.responses).map(
          ([status, answer]) => [Number(status), answer.content?.[json]?.schema ?? null] as const,
        );
        return {
          id: operation.operationId,
          method: method.toUpperCase() as Operation['method'],
          path,
          needsSession: operation.security.length > 0,
          params: schemaOf(parameters, 'path'),
          query: schemaOf(parameters, 'query'),
          body: content[json]?.schema ?? null,
          takesBytes: 'application/octet-stream' in content,
          responses: new Map(responses),
        };
      }),
  );
}
