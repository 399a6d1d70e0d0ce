import type { AuthorizationDetail } from 'oidc-provider'
import { AppError } from '#src/kernel/errors.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { AskedDetail, AskedResource } from '#src/login/interaction.ts'
import { oidcErrors } from '../errors.ts'
import { wordedDetail } from './details.ts'
import { nameIn, titleIn } from './resource-server.ts'
import type { ResourceServers } from './store.ts'

/**
 * What an accepted authorization request asks for beyond personal data, in the words of its resource servers.
 * @param params of the request, as the provider has checked them
 * @throws AppError `oidc.invalid_request` when a resource server was suspended meanwhile: nobody agrees to what is not described
 */
export async function askedOf(
  params: { resource?: unknown; scope?: unknown; authorization_details?: unknown },
  servers: ResourceServers,
  words: { readonly t: Translate; readonly locale: Locale },
): Promise<{ resources: AskedResource[]; details: AskedDetail[] }> {
  const identifiers = [params.resource ?? []].flat().map(String)
  const wanted = new Set(String(params.scope ?? '').split(' '))
  const resources = await Promise.all(
    [...new Set(identifiers)].map(async (identifier) => {
      const server = await servers.find(identifier)
      if (!server) throw new AppError(oidcErrors.invalid_request)
      const scopes = server.scopes.filter(({ name }) => wanted.has(name))
      return {
        identifier,
        name: nameIn(server, words.locale),
        scopes: scopes.map(({ name }) => name),
        titles: scopes.map((scope) => titleIn(scope, words.locale)),
      }
    }),
  )
  const sent: AuthorizationDetail[] =
    typeof params.authorization_details === 'string' ? JSON.parse(params.authorization_details) : []
  const details = await Promise.all(
    sent.map(async (detail) => {
      const described = await servers.typeOf(detail.type)
      if (!described) throw new AppError(oidcErrors.invalid_request)
      return { type: detail.type, ...wordedDetail(detail, described.type, words) }
    }),
  )
  return { resources: resources.filter(({ scopes }) => scopes.length > 0), details }
}
