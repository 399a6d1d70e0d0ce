import { addSeconds } from '#src/kernel/clock.ts'
import { type KeyAlgorithm, keyAlgorithms } from '../algorithms.ts'

/** `next` is published and does not sign yet, `active` signs, `retired` is published until nobody needs it any more. */
export type KeyState = 'next' | 'active' | 'retired'

/** When a key came into each state; it is published from `createdAt` on. */
export interface KeyTimes {
  readonly kid: string
  readonly alg: string
  readonly state: KeyState
  readonly createdAt: Date
  readonly activatedAt: Date | undefined
  readonly retiredAt: Date | undefined
}

const MINUTE = 60
const DAY = 86_400

/** How long relying parties and caches on the way may keep the published keys. */
export const PUBLISHED_CACHE_SECONDS = 15 * MINUTE
/** Within this time every process has read the keys anew. */
const RENEWAL_SECONDS = MINUTE
/** By how much the clocks of two processes may differ. */
const SKEW_SECONDS = MINUTE
/**
 * Between the first answer with a key and its first signature: the slowest process has published it, and whatever was fetched from that
 * process just before is no longer in any cache.
 */
export const LEAD_SECONDS = RENEWAL_SECONDS + PUBLISHED_CACHE_SECONDS + SKEW_SECONDS
/** A day: no token that we sign is good for so long, and no session whose id_tokens come back as hints lasts longer. */
export const RETIRED_SECONDS = DAY
/** How long an id_token still serves as a hint after its key is gone: relying parties keep people signed in for months. */
export const FORMER_SECONDS = 365 * DAY

/** What has to be done to the keys of one algorithm. */
export type Step =
  /** The first key of an installation, or of an algorithm that is new: it signs at once, as nobody waits for another. */
  | { readonly take: 'begin'; readonly alg: KeyAlgorithm }
  | { readonly take: 'publish'; readonly alg: KeyAlgorithm }
  /** The key signs, and the one that did so far retires. */
  | { readonly take: 'activate'; readonly alg: KeyAlgorithm; readonly kid: string }
  /** The private part is destroyed. */
  | { readonly take: 'withdraw'; readonly alg: KeyAlgorithm; readonly kid: string }

/**
 * The steps whose time has come.
 * @param rotationDays how long a key signs
 */
export function stepsDue(keys: readonly KeyTimes[], now: Date, rotationDays: number): Step[] {
  return keyAlgorithms.flatMap((alg) => {
    const steps: Step[] = []
    const of = (state: KeyState) => keys.filter((key) => key.alg === alg && key.state === state)
    const [active] = of('active')
    const [next] = of('next')
    if (!active) steps.push({ take: 'begin', alg })
    else if (next && activeFrom(next) <= now) steps.push({ take: 'activate', alg, kid: next.kid })
    else if (!next && addSeconds(activeUntil(active, rotationDays), -LEAD_SECONDS) <= now)
      steps.push({ take: 'publish', alg })
    for (const key of of('retired')) if (publishedUntil(key) <= now) steps.push({ take: 'withdraw', alg, kid: key.kid })
    return steps
  })
}

/** When a next key begins to sign. */
export function activeFrom({ createdAt }: KeyTimes): Date {
  return addSeconds(createdAt, LEAD_SECONDS)
}

/** When the schedule replaces an active key. */
export function activeUntil({ activatedAt, createdAt }: KeyTimes, rotationDays: number): Date {
  return addSeconds(activatedAt ?? createdAt, rotationDays * DAY)
}

/** When a retired key goes. */
export function publishedUntil({ retiredAt, activatedAt, createdAt }: KeyTimes): Date {
  return addSeconds(retiredAt ?? activatedAt ?? createdAt, RETIRED_SECONDS)
}
