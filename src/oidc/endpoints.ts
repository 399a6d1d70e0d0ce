import type { Middleware } from 'koa'
import type { State } from '#src/http/context.ts'
import { httpErrors } from '#src/http/errors.ts'
import { AppError } from '#src/kernel/errors.ts'
import { discoveryPaths, paths } from './paths.ts'

/** One address of the provider. */
export interface Endpoint {
  /** `:uid` and the like stand for one segment. */
  readonly path: string
  readonly methods: readonly string[]
  /** `programs` read JSON, whatever their `Accept` says; `browsers` get pages. */
  readonly for: 'programs' | 'browsers'
}

const reading = ['GET', 'HEAD']
const called = (path: string, ...methods: readonly string[]): Endpoint => ({ path, methods, for: 'programs' })
const opened = (path: string, ...methods: readonly string[]): Endpoint => ({ path, methods, for: 'browsers' })

/** Every address that the provider answers. */
export const endpoints: readonly Endpoint[] = [
  opened(paths.authorization, ...reading, 'POST'),
  opened(`${paths.authorization}/:uid`, ...reading),
  called(paths.token, 'POST', 'OPTIONS'),
  called(paths.userinfo, ...reading, 'POST', 'OPTIONS'),
  called(paths.jwks, ...reading, 'OPTIONS'),
  ...discoveryPaths.map((path) => called(path, ...reading, 'OPTIONS')),
  called(paths.introspection, 'POST', 'OPTIONS'),
  called(paths.revocation, 'POST', 'OPTIONS'),
  called(paths.pushed_authorization_request, 'POST', 'OPTIONS'),
  called(paths.registration, 'POST'),
  called(`${paths.registration}/:clientId`, ...reading, 'PUT', 'DELETE'),
  called(paths.device_authorization, 'POST', 'OPTIONS'),
  called(paths.backchannel_authentication, 'POST'),
  opened(paths.code_verification, ...reading, 'POST'),
  opened(`${paths.code_verification}/:uid`, ...reading),
  opened(paths.end_session, ...reading, 'POST'),
  opened(`${paths.end_session}/confirm`, 'POST'),
  opened(`${paths.end_session}/success`, ...reading),
]

const fixed = new Map(endpoints.filter(({ path }) => !path.includes(':')).map((endpoint) => [endpoint.path, endpoint]))
const patterns = endpoints
  .filter(({ path }) => path.includes(':'))
  .map((endpoint) => ({ endpoint, pattern: new RegExp(`^${endpoint.path.replace(/:\w+/, '[^/]+')}$`) }))

/** The endpoint that an address names, letter by letter. */
export function endpointAt(path: string): Endpoint | undefined {
  return fixed.get(path) ?? patterns.find(({ pattern }) => pattern.test(path))?.endpoint
}

/**
 * Lets only the provider's own addresses through to it: its router would also take other spellings (upper case, a slash at the end),
 * which checks of ours around it would not recognise.
 * @throws AppError `http.method_not_allowed`
 */
export function onlyEndpoints(provider: Middleware<State>): Middleware<State> {
  return (ctx, next) => {
    const endpoint = endpointAt(ctx.path)
    if (!endpoint) return next()
    if (!endpoint.methods.includes(ctx.method)) {
      ctx.set('Allow', endpoint.methods.join(', '))
      throw new AppError(httpErrors.method_not_allowed)
    }
    return provider(ctx, next)
  }
}
