import { type DestinationStream, type Logger, pino } from 'pino'

/** Names of fields whose values no log line may hold, in whatever object they come. */
const SECRET_FIELDS = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'code',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'client_assertion',
  'ticket',
  'login_hint',
  'phone',
  'phone_number',
  'email',
  'family_name',
  'given_name',
  'birthdate',
])
/** How deep in an object they are looked for. */
const DEEPEST = 3

export interface LogOptions {
  /** pino's level; `silent` for none. */
  readonly level: string
  /** Where lines go, stdout unless given. */
  readonly destination?: DestinationStream
}

/**
 * The process's log: JSON lines with an ISO time. Callers pass ids, codes and counts only; redaction is the second net, for
 * objects of libraries that slip in.
 */
export function makeLog({ level, destination }: LogOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: plainError },
    formatters: { log: (fields: object) => withoutSecrets(fields as Fields, 1) },
  }
  return pino(options, destination ?? buffered())
}

const BUFFER_BYTES = 8 * 1024
const FLUSH_MS = 100

/** Standard output, written in pieces instead of once for each line: a write is a tenth of what a short request costs. */
function buffered(): DestinationStream {
  const stream = pino.destination({ dest: 1, minLength: BUFFER_BYTES, sync: true })
  setInterval(() => stream.flush(), FLUSH_MS).unref()
  process.on('exit', () => stream.flushSync())
  return stream
}

type Fields = Readonly<Record<string, unknown>>

/** The same object where nothing in it is secret: by far the most lines are flat, and pino's own redaction looks for each path in each. */
function withoutSecrets(fields: Fields, depth: number): Record<string, unknown> {
  let shown: Record<string, unknown> | undefined
  for (const name in fields) {
    const value = fields[name]
    const plain = SECRET_FIELDS.has(name) ? '[redacted]' : shownValue(name, value, depth)
    if (plain !== value) {
      shown ??= { ...fields }
      shown[name] = plain
    }
  }
  return shown ?? fields
}

function shownValue(name: string, value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  // `err` has a serializer.
  if (value instanceof Error) return name === 'err' ? value : plainError(value)
  // What says itself how it is printed, such as a Secret, is left to it.
  if (depth === DEEPEST || 'toJSON' in value) return value
  if (Array.isArray(value)) return value.map((one) => shownValue('', one, depth))
  return withoutSecrets(value as Fields, depth + 1)
}

/** Type, code, stack and causes only: drivers put rows, parameters and request bodies into other properties of their errors. */
function plainError(thrown: unknown, depth = 0): unknown {
  if (!(thrown instanceof Error)) return { type: typeof thrown }
  return {
    type: thrown.name,
    ...('code' in thrown && typeof thrown.code === 'string' && { errorCode: thrown.code }),
    stack: thrown.stack,
    ...(thrown.cause !== undefined && depth < 3 && { cause: plainError(thrown.cause, depth + 1) }),
  }
}
