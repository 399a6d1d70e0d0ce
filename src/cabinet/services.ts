import type { AccountId } from '#src/kernel/ids.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { SignedIn } from './entrance.ts'
import type { Place } from './requests.ts'

/** A relying party that the person has let have data, for as long as that is in force. */
export interface ConnectedService {
  /** What stands for it in addresses: a hash of its client_id. */
  readonly ref: string
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Claims asked for by name. */
  readonly claims: readonly string[]
  /** What it may do in other systems, in the language of the page. */
  readonly resources: readonly { readonly name: string; readonly titles: readonly string[] }[]
  readonly since: Date
  readonly until: Date
  /** The last sign-in there that the journal still tells of; access without the person leaves none. */
  readonly lastSignInAt: Date | undefined
  /** The last time that data went there, by names of claims; the same data are told once in 24 hours. */
  readonly lastRelease: { readonly at: Date; readonly claims: readonly string[] } | undefined
}

/** How the cabinet reaches the services; implemented in oidc/. */
export interface ConnectedServices {
  /** The one agreed to last first. */
  of(oid: AccountId, locale: Locale): Promise<ConnectedService[]>
  /**
   * Takes the consent back: whatever the service got by it ends in every session and for access without the person, in every process at
   * once, and the service is told that its sessions of the person are over. All of it travels in the request's unit of work.
   */
  withdraw(person: Pick<SignedIn, 'oid' | 'session'>, service: ConnectedService, place: Place): Promise<void>
}
