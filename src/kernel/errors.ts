/** What every renderer (page, OAuth error, RFC 9457 problem) needs to know about one refusal. */
export interface ErrorDefinition {
  /** HTTP status of the page or problem. */
  readonly status: number
  /** The `error` value a relying party gets when the refusal ends an OAuth request. */
  readonly oauth: string
  /** How loud the log line is; `error` means somebody has to look. */
  readonly log: 'info' | 'warn' | 'error'
  /** For the operator who looks the code up: what happened and what to do. */
  readonly help: string
}

/** A definition with its code, `<domain>.<name>`, which is also the key of its text in messages.<locale>.ts. */
export interface DefinedError extends ErrorDefinition {
  readonly code: string
}

/**
 * Declares the errors of one domain, next to the rules that raise them.
 * @param domain first half of each code, e.g. `code` in `code.expired`
 */
export function defineErrors<T extends Record<string, ErrorDefinition>>(
  domain: string,
  definitions: T,
): { readonly [K in keyof T]: DefinedError } {
  const defined = Object.entries(definitions).map(([name, definition]) => [
    name,
    Object.freeze({ ...definition, code: `${domain}.${name}` }),
  ])
  return Object.freeze(Object.fromEntries(defined))
}

export type MessageValues = Readonly<Record<string, string | number>>

/** A refusal on its way to the renderer of the route it happened in. Compare by `code`, never by text. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly definition: DefinedError
  /** What the text of the message interpolates, e.g. `{ seconds: 30 }`; never personal data. */
  readonly values: MessageValues

  constructor(definition: DefinedError, values: MessageValues = {}, options?: ErrorOptions) {
    super(definition.code, options)
    this.definition = definition
    this.values = values
  }

  get code(): string {
    return this.definition.code
  }
}

export const kernelErrors = defineErrors('kernel', {
  internal: {
    status: 500,
    oauth: 'server_error',
    log: 'error',
    help: 'An unexpected fault; the stack is in the log under the incident id.',
  },
  unavailable: {
    status: 503,
    oauth: 'temporarily_unavailable',
    log: 'error',
    help: 'The database did not take the change; nothing of the request was stored, so it can be repeated.',
  },
})
