import type OidcProvider from 'oidc-provider'
import type { Accounts } from '#src/accounts/accounts.ts'
import { accountNumber } from './ciba/hints.ts'
import type { LoginResult } from './session.ts'

interface Interaction {
  readonly result?: { readonly login?: LoginResult }
}

interface Interactions {
  find(id: string): Promise<Interaction | undefined>
}

/**
 * A finished sign-in waits in its interaction until the browser follows the redirect, which a thief need not do at once. If the sessions of
 * the account were ended meanwhile, that interaction is over as well.
 */
export function dropEndedSignIns(provider: OidcProvider, { accounts }: { accounts: Pick<Accounts, 'find'> }): void {
  const interactions = provider.Interaction as unknown as Interactions
  const find = interactions.find.bind(interactions)
  interactions.find = async (id) => {
    const interaction = await find(id)
    const login = interaction?.result?.login
    if (login === undefined) return interaction
    const account = await accounts.find(accountNumber(login.accountId))
    const endedAt = account?.signInsEndedAt?.getTime() ?? 0
    return login.finishedAt < endedAt ? undefined : interaction
  }
}
