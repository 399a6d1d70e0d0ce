import type { Account } from '#src/accounts/account.ts'
import type { Settings } from '#src/accounts/settings.ts'
import type { Factor } from '#src/factors/factor.ts'
import type { Factors } from '#src/factors/registry.ts'
import type { Contact, Progress } from './recovery.ts'

/** The kind that stands for a code to the contact that was not proven yet. */
export const OTHER_CONTACT = 'code'

/** A further factor that the owner of an account can prove. */
export interface Way {
  readonly kind: string
  /** Of `OTHER_CONTACT`. */
  readonly contact?: Contact
}

/** What an account has beside the contact that came first and the password that is to be set anew. */
export interface Ways {
  /** What is left, the one that the owner prefers first. */
  left(account: Account, progress: Progress): Promise<Way[]>
}

export function makeWays({ factors, settings }: { factors: Factors; settings: Pick<Settings, 'of'> }): Ways {
  async function wayOf(factor: Factor, account: Account, { contact }: Progress): Promise<Way[]> {
    if (factor.proof === 'knowledge') return []
    // Codes go where the factor of sign-ins sends them, to the contact that came first too: so they are sent from here.
    if (factor.kind === OTHER_CONTACT) {
      const kind = contact.kind === 'phone' ? 'email' : 'phone'
      const value = account[kind]
      return value === undefined ? [] : [{ kind: OTHER_CONTACT, contact: { kind, value } }]
    }
    return (await factor.worths(account.oid)).length > 0 ? [{ kind: factor.kind }] : []
  }

  return {
    async left(account, progress) {
      const [{ preferredFactor }, ...found] = await Promise.all([
        settings.of(account.oid),
        ...Object.values<Factor>(factors).map((factor) => wayOf(factor, account, progress)),
      ])
      const further = progress.proven.slice(1).map(({ kind }) => kind)
      const left = found.flat().filter(({ kind }) => !further.includes(kind))
      return [
        ...left.filter(({ kind }) => kind === preferredFactor),
        ...left.filter(({ kind }) => kind !== preferredFactor),
      ]
    },
  }
}
