import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '#src/accounts/account.ts'
import type { Identity } from '#src/accounts/identity/level.ts'
import { satisfiesIdentity } from '#src/kernel/levels.ts'
import { levelRequired } from '#src/login/identity-due.ts'
import { registrationOf } from '../clients.ts'
import { FIRST_PARTY } from '../requirement.ts'
import type { DemandsOf } from '../resources/demands.ts'
import { IDENTITY_LEVEL, identityLevelWanted } from './demand.ts'

/** What the check has to know of an account beside the provider's own members. */
export interface IdentifiedAccount {
  readonly identity: () => Identity
}

/**
 * Asks for a further interaction where the person is proven less than the request demands. They are signed in by then, so that the pages
 * on which they raise their level know them. Whoever comes back from there without the level has seen why: the request ends.
 * @param silent for `prompt=none`, and for nothing else: there the answer tells the client of the level, so it has to wait until the
 *   consent was found sufficient
 */
export const identityLevelCheck = (demandsOf: DemandsOf, { silent }: { readonly silent: boolean }) =>
  new interactionPolicy.Check(
    IDENTITY_LEVEL,
    'the identity level that the request demands is not reached',
    'interaction_required',
    async (ctx) => {
      const { oidc } = ctx
      const { account, client, session, result } = oidc
      if (oidc.prompts.has('none') !== silent) return interactionPolicy.Check.NO_NEED_TO_PROMPT
      if (!session?.accountId || !account || !client || client.clientId === FIRST_PARTY)
        return interactionPolicy.Check.NO_NEED_TO_PROMPT
      const level = identityLevelWanted(oidc.params?.claims, await demandsOf(ctx))
      if (level === undefined || satisfiesIdentity((account as unknown as IdentifiedAccount).identity().level, level))
        return interactionPolicy.Check.NO_NEED_TO_PROMPT
      const signedInNow = (result as { login?: unknown } | undefined)?.login !== undefined
      if (result !== undefined && !signedInNow) throw new errors.AccessDenied(levelRequired(level))
      return interactionPolicy.Check.REQUEST_PROMPT
    },
  )

/**
 * Whether a token may not be issued any more: the person's level has fallen since it was asked for, or the client demands more by now.
 * @param source the code, token or back-channel request that is redeemed
 */
export function isBelowWanted(
  { oidc }: KoaContextWithOIDC,
  source: { readonly claims?: unknown },
  account: Pick<Account, 'identity'>,
): boolean {
  const level = oidc.client && identityLevelWanted(source.claims, registrationOf(oidc.client))
  return level !== undefined && !satisfiesIdentity(account.identity.level, level)
}
