/** How many attempts are free, how the next ones are slowed, and when there is a lock. */
export interface Limit {
  readonly name: string
  /** A counter older than this starts anew. */
  readonly windowSeconds: number
  /** So many attempts go through without a wait. */
  readonly free: number
  /** The wait after the first attempt beyond those, doubled by each further one up to `maxDelaySeconds`. */
  readonly delaySeconds: number
  readonly maxDelaySeconds: number
  /** From this attempt on each one needs a proof of work, which takes the place of the wait. */
  readonly proofAt?: number
  /** This attempt in a row is admitted and locks the key for `lockSeconds`; without it there are only delays. */
  readonly lockAt?: number
  readonly lockSeconds?: number
}

export interface Attempt {
  readonly limit: Limit
  /** Whom it counts against: an account number, a network, a keyed hash of a contact; never the plain contact. */
  readonly key: string
}

/** Under which it is counted. */
export const keyOf = (attempt: Attempt) => `${attempt.limit.name}:${attempt.key}`
