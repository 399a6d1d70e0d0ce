import type { Clock } from '#src/kernel/clock.ts'
import { type Channel, type Channels, DeliveryFailed, type Outgoing, PermanentRefusal, type Way } from './channels.ts'

export interface SentMessage {
  readonly id: string
  readonly channel: Way
  readonly to: string
  readonly subject: string | undefined
  readonly text: string
  /** Of a letter. */
  readonly pdf?: Buffer
  readonly at: Date
}

/** Channels that lead nowhere: what would have gone out is kept in memory. */
export interface SandboxChannels extends Required<Channels> {
  /**
   * Newest first, at most KEPT; `to` in any spelling: spaces, brackets, dashes and the plus (a space, in an address) do not count. Of the name
   * and address on a letter a part is enough.
   */
  messages(filter?: { readonly to?: string }): readonly SentMessage[]
}

const KEPT = 1000

/** A phone, or the part of an address before `@`, that ends so is refused for good. */
const REFUSED = '0000'
/** One that ends so fails for the first two tries of each message. */
const FLAKY = '0001'
const FLAKY_TRIES = 2

export function makeSandboxChannels({ clock }: { clock: Clock }): SandboxChannels {
  /** Oldest first; by id, as a gateway that knows idempotency keys would keep them. */
  const sent = new Map<string, SentMessage>()
  const failures = new Map<string, number>()

  const channel = (kind: Way): Channel => ({
    async send({ id, recipient, subject, text, pdf }: Outgoing) {
      const local = recipient.split('@', 1)[0]!
      if (local.endsWith(REFUSED)) throw new PermanentRefusal(`the sandbox refuses recipients that end in ${REFUSED}`)
      const failed = failures.get(id) ?? 0
      if (local.endsWith(FLAKY) && failed < FLAKY_TRIES) {
        keep(failures, id, failed + 1)
        throw new DeliveryFailed(`the sandbox fails ${FLAKY_TRIES} times for recipients that end in ${FLAKY}`)
      }
      failures.delete(id)
      if (!sent.has(id))
        keep(sent, id, { id, channel: kind, to: recipient, subject, text, at: clock.now(), ...(pdf && { pdf }) })
    },
  })

  return {
    sms: channel('sms'),
    voice: channel('voice'),
    mail: channel('mail'),
    post: channel('post'),
    messages({ to } = {}) {
      const all = [...sent.values()].reverse()
      if (to === undefined) return all
      const asked = plain(to)
      return all.filter(({ channel, to }) => (channel === 'post' ? plain(to).includes(asked) : plain(to) === asked))
    },
  }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value)
  if (map.size > KEPT) map.delete(map.keys().next().value!)
}

function plain(recipient: string): string {
  return recipient.replace(/[\s()+\u2010-\u2015-]/g, '').toLowerCase()
}
