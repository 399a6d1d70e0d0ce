import { z } from 'zod'
import { contract, type RegistryName, registryNames } from '#src/registries/contract.ts'

/** The contract that state registries are asked by, as OpenAPI 3.1, made of the schemas that answers are checked with. */
export function registriesOpenapi(): string {
  const heading = '# Made by `npm run docs` from src/registries/contract.ts.\n'
  return `${heading}${yaml(openapi(), 0)}\n`
}

function openapi(): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'State registries, as Propusk asks them',
      version: '1',
      description: [
        'Whoever runs an adapter to state registries answers these questions below one address. Questions are POSTs only, so that nothing personal stands in an address.',
        'An answer repeats the reference of its question; the same question asked again has the same reference and gets the same answer.',
        'Members that are not described here are refused on both sides; an answer has at most 64 KiB. An answer that breaks these rules, or contradicts itself or its question, counts as none.',
        'A difference is named before a state: a reason why a record is invalid is told only to whoever knows its data.',
        'Dates are ISO 8601, numbers bare digits. Names compare without regard to capitals, Ё counts as Е.',
      ].join('\n'),
    },
    servers: [{ url: 'https://registries.example.org/v1' }],
    security: [{ token: [] }],
    paths: Object.fromEntries(
      registryNames.map((registry) => [contract[registry].path, { post: operation(registry) }]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      headers: {
        RetryAfter: {
          description: 'Seconds, or an HTTP date, after which to ask again.',
          schema: { type: 'string' },
        },
      },
      responses: {
        working: again('Still working on it; ask again with the same reference.'),
        busy: again('Too many questions, or out of service for a while.'),
        refused: { description: 'The question, its token or its address is at fault: a person has to look.' },
        failed: { description: 'A fault of the registry; ask again later.' },
      },
      schemas: Object.fromEntries(
        registryNames.flatMap((registry) => [
          [`${registry}_question`, schemaOf(contract[registry].question)],
          [`${registry}_answer`, schemaOf(contract[registry].answer)],
        ]),
      ),
    },
  }
}

function operation(registry: RegistryName): object {
  const response = (name: string) => ({ $ref: `#/components/responses/${name}` })
  return {
    operationId: registry,
    summary: contract[registry].summary,
    parameters: [
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        description: 'The reference once more.',
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    requestBody: { required: true, content: json(`${registry}_question`) },
    responses: {
      200: { description: 'A verdict.', content: json(`${registry}_answer`) },
      202: response('working'),
      '4XX': response('refused'),
      429: response('busy'),
      503: response('busy'),
      '5XX': response('failed'),
    },
  }
}

function json(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } }
}

function again(description: string): object {
  return { description, headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
}

/** As it goes over the wire, where nothing is beyond the contract. */
function schemaOf(schema: z.ZodType): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'output' })
  return rest
}

/** Block style; strings in JSON's quotes, which YAML 1.2 reads the same way. */
function yaml(value: object, depth: number): string {
  const pad = '  '.repeat(depth)
  return Object.entries(value)
    .map(([key, inner]) => {
      const name = /^[A-Za-z_$][\w$-]*$/.test(key) ? key : JSON.stringify(key)
      if (Array.isArray(inner)) return `${pad}${name}:${list(inner, depth + 1)}`
      return isFilled(inner) ? `${pad}${name}:\n${yaml(inner, depth + 1)}` : `${pad}${name}: ${JSON.stringify(inner)}`
    })
    .join('\n')
}

function list(items: readonly unknown[], depth: number): string {
  const pad = '  '.repeat(depth)
  if (!items.some(isFilled)) return ` ${JSON.stringify(items)}`
  return `\n${items.map((item) => `${pad}- ${yaml(item as object, depth + 1).trimStart()}`).join('\n')}`
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
