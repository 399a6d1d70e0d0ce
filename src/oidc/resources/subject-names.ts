import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { ResourceServers } from './store.ts'

/**
 * How each of an audience knows a person: the pairwise subject where its client has such, nothing where it takes the subject that the
 * token has anyway. Without that a token would hand a pairwise client the number that it must not learn.
 */
export type SubjectNames = (
  ctx: KoaContextWithOIDC,
  accountId: string,
  audience: readonly string[],
) => Promise<(string | undefined)[]>

export function makeSubjectNames(deps: {
  resourceServers: ResourceServers
  pairwise: NonNullable<Configuration['pairwiseIdentifier']>
}): SubjectNames {
  return (ctx, accountId, audience) =>
    Promise.all(
      audience.map(async (target) => {
        const server = await deps.resourceServers.find(target)
        const clientId = server ? server.client_id : target
        const client = clientId === undefined ? undefined : await ctx.oidc.provider.Client.find(clientId)
        return client?.subjectType === 'pairwise' ? deps.pairwise(ctx, accountId, client) : undefined
      }),
    )
}
