import type { Clock } from '#src/kernel/clock.ts'
import type { Limit, Throttle } from '#src/throttle/throttle.ts'

const HOUR_SECONDS = 3600

/** A recovery costs a message; a whole office behind one address still gets its passwords back. */
const BEGINNINGS: Limit = {
  name: 'recovery_network',
  windowSeconds: HOUR_SECONDS,
  free: 30,
  delaySeconds: 30,
  maxDelaySeconds: 900,
}
/** One code has few tries; this is for who tries the codes of many recoveries. */
const ANSWERS: Limit = {
  name: 'recovery_answers',
  windowSeconds: HOUR_SECONDS,
  free: 60,
  delaySeconds: 10,
  maxDelaySeconds: 900,
}

/** By network; how often one contact gets a code is the business of the codes. The same whether the contact is known or not. */
export interface RecoveryLimits {
  /** @returns 0, or the minutes until the next recovery may begin */
  begin(network: string): Promise<number>
  /** @returns 0, or the minutes until the next code may be tried */
  answer(network: string): Promise<number>
}

export function makeRecoveryLimits(deps: { throttle: Pick<Throttle, 'enter'>; clock: Clock }): RecoveryLimits {
  async function minutes(limit: Limit, key: string): Promise<number> {
    const gate = await deps.throttle.enter([{ limit, key }])
    return gate.open ? 0 : Math.max(1, Math.ceil((gate.retryAt.getTime() - deps.clock.now().getTime()) / 60_000))
  }
  return {
    begin: (network) => minutes(BEGINNINGS, network),
    answer: (network) => minutes(ANSWERS, network),
  }
}
