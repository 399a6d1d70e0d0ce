import type { Account } from '#src/accounts/account.ts'
import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { Worth } from '#src/factors/factor.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'

/** A way for a code to one of the account's contacts. */
export interface CodeChannel {
  readonly kind: ChannelKind
  readonly contact: { readonly kind: ContactKind; readonly value: string }
  readonly worth: Worth
}

const phone: Worth = {
  kind: 'code',
  proof: 'possession',
  multiFactor: false,
  hardware: false,
  phishingResistant: false,
  ceiling: 'aal2',
}

/** What a code is worth by its channel: whoever reads a mailbox need not hold anything (NIST SP 800-63B, 3.1.3.1). */
export const worths: Readonly<Record<ChannelKind, Worth>> = {
  sms: phone,
  voice: phone,
  mail: { ...phone, ceiling: 'aal1' },
}

/** The channels that reach an account, in the order in which they are offered. */
export function codeChannels({ phone, email }: Pick<Account, 'phone' | 'email'>, calls: boolean): CodeChannel[] {
  const channels: CodeChannel[] = []
  const add = (kind: ChannelKind, contact: CodeChannel['contact']) =>
    channels.push({ kind, contact, worth: worths[kind] })
  if (phone !== undefined) add('sms', { kind: 'phone', value: phone })
  if (phone !== undefined && calls) add('voice', { kind: 'phone', value: phone })
  if (email !== undefined) add('mail', { kind: 'email', value: email })
  return channels
}
