import type { FactorKind } from '#src/factors/registry.ts'
import type { Journal, RecordedEvent } from '#src/journal/journal.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { ChannelKind } from '#src/notifications/channels.ts'
import { factorPassed } from './events.ts'

const PAGE = 100
const CODE: FactorKind = 'code'
/** The channel of codes that prove no phone. */
const MAIL: ChannelKind = 'mail'

const isPhone = ({ type, fields }: RecordedEvent) =>
  type === factorPassed.type && fields.kind === CODE && fields.authenticator !== MAIL

/**
 * Whether the account's phone was proven in a sign-in after a moment. A code is asked for only after the password, so that somebody who
 * merely got the number cannot pass it.
 */
export function makePhoneProof({ journal }: { journal: Pick<Journal, 'read'> }) {
  return async (account: AccountId, since: Date): Promise<boolean> => {
    let beforeSeq: string | undefined
    for (;;) {
      const events = await journal.read(account, { limit: PAGE, ...(beforeSeq !== undefined && { beforeSeq }) })
      const last = events.at(-1)
      if (events.some((event) => event.at > since && isPhone(event))) return true
      if (!last || events.length < PAGE || last.at <= since) return false
      beforeSeq = last.seq
    }
  }
}
