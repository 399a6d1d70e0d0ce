import { type DestinationStream, type Logger, pino } from 'pino'

/** Names of fields whose values no log line may hold, in whatever object they come. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
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
]

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
    redact: { paths: SECRET_FIELDS.flatMap(atDepths), censor: '[redacted]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** pino's redaction needs a path per depth. */
function atDepths(field: string): string[] {
  const step = field.startsWith('[') ? field : `.${field}`
  return [field, `*${step}`, `*.*${step}`]
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
