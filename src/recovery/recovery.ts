import type { Account } from '#src/accounts/account.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Worth } from '#src/factors/factor.ts'
import { type AuthLevel, satisfies } from '#src/kernel/levels.ts'
import { reached } from '#src/login/assurance.ts'
import type { StoredEvidence } from '#src/login/evidence.ts'

/** Who closed an account needs its password to come back to it. */
export const mayRecover = ({ state }: Pick<Account, 'state'>): boolean => state === 'active' || state === 'closed'

export interface Contact {
  readonly kind: ContactKind
  /** E.164 number, or mail address in lower case. */
  readonly value: string
}

/** How far a recovery has come; kept sealed. */
export interface Progress {
  /** What was typed at the beginning, whether somebody holds it or not. */
  readonly contact: Contact
  /** Hash that names the browser which began: in any other the recovery does not exist. */
  readonly browser: string
  /** `uid` of the sign-in that it belongs to. */
  readonly login?: string
  /** The code, sealed by the ticket of the mailed link. */
  readonly linkCode: string
  /** The id that the recovery began with, once it has another one. */
  readonly ref?: string
  readonly proven: readonly StoredEvidence[]
  /** The owner has seen that a reset waits, and proves more to be done with it now. */
  readonly goesOn?: true
  /** The owner has nothing else to prove; what is left is the way of 72 hours. */
  readonly givesUp?: true
  /** `changed`: the new password is in force; `waits`: it will be in 72 hours. */
  readonly ended?: 'changed' | 'waits'
}

/** What may be due; each is the last part of its page's path. */
export type Step = 'code' | 'waiting' | 'further' | 'password' | 'done'

/** What the next step depends on beside the progress. */
export interface Facts {
  /** The new password comes into force at once. */
  readonly enough: boolean
  /** How many factors are left to prove. */
  readonly ways: number
  /** An earlier reset waits. */
  readonly waits: boolean
}

/** The page that is due; no other is served, and none takes an answer. */
export function stepOf({ proven, goesOn, givesUp, ended }: Progress, { enough, ways, waits }: Facts): Step {
  if (ended !== undefined) return ended === 'changed' ? 'done' : 'waiting'
  if (proven.length === 0) return 'code'
  if (enough) return 'password'
  const more = ways > 0 && !givesUp
  if (waits && !(more && goesOn)) return 'waiting'
  return more ? 'further' : 'password'
}

/**
 * Whether the new password may come into force at once (R-D1, R-D4): two different authenticators were proven, and with that password they
 * are worth as much as the account's own authenticators at their best.
 * @param password what the new password is worth
 * @param highest the level that the account's authenticators reach
 */
export function isEnough(
  proven: readonly (Worth & { readonly authenticator?: string })[],
  password: Worth,
  highest: AuthLevel,
): boolean {
  const different = new Set(proven.map(({ kind, authenticator = '' }) => `${kind}:${authenticator}`))
  return different.size > 1 && satisfies(reached([...proven, password]), highest)
}

/** Whether what was proven first has ended since, together with sign-ins under way. @param endedAt when those ended last */
export function isOver({ proven: [first] }: Pick<Progress, 'proven'>, endedAt: Date | undefined): boolean {
  return first !== undefined && endedAt !== undefined && new Date(first.at) < endedAt
}

const POSSESSION = {
  kind: 'code',
  proof: 'possession',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
} as const

/**
 * What a code sent to a contact is worth here. The contact itself is the authenticator: a call to the number that got the SMS proves nothing
 * more.
 */
export function provenContact(kind: ContactKind, at: Date): StoredEvidence {
  const common = { ...POSSESSION, authenticator: kind, at: at.toISOString() }
  if (kind === 'phone') return { ...common, ceiling: 'aal2', amr: ['otp', 'sms'] }
  return { ...common, ceiling: 'aal1', amr: ['otp'] }
}
