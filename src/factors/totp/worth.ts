import type { Evidence, Worth } from '#src/factors/factor.ts'

/** With the password it is worth `aal2` (R-B9). */
export const worth: Worth = {
  kind: 'totp',
  proof: 'possession',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal2',
}

export const proven = (at: Date, authenticator: string): Evidence => ({ ...worth, amr: ['otp'], at, authenticator })
