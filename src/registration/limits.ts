import type { Clock } from '#src/kernel/clock.ts'
import type { Attempt, Limit, Throttle } from '#src/throttle/throttle.ts'

const HOUR_SECONDS = 3600

/** Drafts cost a row each; a whole school behind one address still registers in an afternoon. */
const BEGINNINGS: Limit = {
  name: 'registration',
  windowSeconds: HOUR_SECONDS,
  free: 60,
  delaySeconds: 30,
  maxDelaySeconds: 900,
}
/** What codes are limited by is the contact; this is for who walks through many contacts, at the cost of an SMS each. */
const CONTACTS_OF_NETWORK: Limit = { ...BEGINNINGS, name: 'registration_network', free: 120 }
const CONTACTS_OF_DRAFT: Limit = { ...BEGINNINGS, name: 'registration_contacts', free: 8, delaySeconds: 300 }

/** How often a network or a draft may do what costs something; the same whether a contact is known or not. */
export interface Limits {
  /** @returns 0, or the minutes until the next registration may begin */
  begin(network: string): Promise<number>
  /** @returns 0, or the minutes until a code to another contact may be asked for */
  askCode(network: string, draftId: string): Promise<number>
}

export function makeLimits({ throttle, clock }: { throttle: Pick<Throttle, 'enter'>; clock: Clock }): Limits {
  async function minutes(attempts: readonly Attempt[]): Promise<number> {
    const gate = await throttle.enter(attempts)
    return gate.open ? 0 : Math.max(1, Math.ceil((gate.retryAt.getTime() - clock.now().getTime()) / 60_000))
  }
  return {
    begin: (network) => minutes([{ limit: BEGINNINGS, key: network }]),
    askCode: (network, draftId) =>
      minutes([
        { limit: CONTACTS_OF_NETWORK, key: network },
        { limit: CONTACTS_OF_DRAFT, key: draftId },
      ]),
  }
}
