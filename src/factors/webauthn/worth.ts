import type { Evidence, Worth } from '#src/factors/factor.ts'
import type { Flags } from './ceremony.ts'

type Judged = Pick<Flags, 'synced' | 'userVerified'>

/**
 * What a key is worth (R-B9): with user verification two factors in one act, and `aal3` where it cannot leave its device; without it
 * something that one has. No go-between can relay any of them.
 */
export function worthOf({ synced, userVerified }: Judged): Worth {
  return {
    kind: 'webauthn',
    proof: 'possession',
    multiFactor: userVerified,
    hardware: !synced,
    phishingResistant: true,
    ceiling: userVerified && !synced ? 'aal3' : 'aal2',
  }
}

/**
 * `hwk` or `swk` say how the key is kept; `user`, that somebody was present, which every answer proves. RFC 8176 has no value for user
 * verification by means that the authenticator does not name: that shows as `mfa`, and in the level.
 */
export function proven(said: Judged, at: Date, id: string): Evidence {
  return { ...worthOf(said), amr: [said.synced ? 'swk' : 'hwk', 'user'], at, authenticator: id }
}
