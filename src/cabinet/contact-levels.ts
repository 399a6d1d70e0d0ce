import type { FactorKind, Factors } from '#src/factors/registry.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { AuthLevel } from '#src/kernel/levels.ts'
import { levelOf } from '#src/login/authenticators.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'

/** What the authenticators of an account reach: all of them, and those that do without its phone. */
export interface ContactLevels {
  readonly highest: AuthLevel
  readonly withoutPhone: AuthLevel
}

const CODE: FactorKind = 'code'
const PHONE: readonly string[] = ['sms', 'voice'] satisfies ChannelKind[]

export async function contactLevels(factors: Factors, oid: AccountId): Promise<ContactLevels> {
  const all = (await Promise.all(Object.values(factors).map((factor) => factor.authenticators(oid)))).flat()
  const elsewhere = all.filter(({ kind, id }) => kind !== CODE || !PHONE.includes(id))
  return { highest: levelOf(all), withoutPhone: levelOf(elsewhere) }
}
