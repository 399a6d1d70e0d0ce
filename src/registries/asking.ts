import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { contract, type Question, type RegistryName, type WireAnswer } from './contract.ts'
import { contradiction } from './contradiction.ts'
import { type Registries, RegistryUnavailable, type Trouble } from './registries.ts'

/** What comes back for a question. `body` is parsed JSON and counts for status 200 only. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly retryAfterSeconds?: number | undefined
}

/** Carries a question to a registry. @throws TransportFault and nothing else */
export type Transport = (registry: RegistryName, question: { readonly reference: string }) => Promise<Reply>

export class TransportFault extends Error {
  override readonly name = 'TransportFault'
  readonly trouble: Trouble
  readonly detail: string

  constructor(trouble: Trouble, detail: string) {
    super(`${trouble} (${detail})`)
    this.trouble = trouble
    this.detail = detail
  }
}

/** Somebody has to look: they do not pass by themselves. */
const LOUD: readonly Trouble[] = ['refused', 'nonsense']

/** The registries behind a transport: every answer is checked against the contract and the question before it counts. */
export function makeRegistriesOver(transport: Transport, { log }: { log: Pick<Logger, 'warn' | 'error'> }): Registries {
  async function ask<R extends RegistryName>(registry: R, question: Question<R>) {
    try {
      // Members beyond the contract are dropped here: a registry learns what it needs for its verdict.
      const asked = contract[registry].question.safeParse(question)
      if (!asked.success) throw new TransportFault('refused', 'question')
      const sent = asked.data as Question<R>
      const { reference: _repeated, ...answer } = readReply(registry, sent, await transport(registry, sent))
      return answer as WithoutReference<WireAnswer<R>>
    } catch (fault) {
      const unavailable = asUnavailable(registry, fault)
      const { trouble, detail } = unavailable
      const line = { registry, trouble, detail, reference: question.reference }
      if (LOUD.includes(trouble)) log.error(line, 'registry without a verdict')
      else if (trouble !== 'working') log.warn(line, 'registry without a verdict')
      throw unavailable
    }
  }

  return {
    person: (query) => ask('person', query),
    document: (query) => ask('document', query),
    snils: (query) => ask('snils', query),
    inn: (query) => ask('inn', query),
    address: (query) => ask('address', query),
    legalEntity: (query) => ask('legal_entity', query),
    async suggestAddresses(text) {
      return (await ask('address_suggestions', { reference: randomUUID(), text })).suggestions
    },
  }
}

type WithoutReference<T> = T extends unknown ? Omit<T, 'reference'> : never

/** @throws RegistryUnavailable for all but an answer that obeys the contract and fits the question */
function readReply<R extends RegistryName>(registry: R, question: Question<R>, reply: Reply): WireAnswer<R> {
  const { status, retryAfterSeconds } = reply
  const trouble = troubleOf(status)
  if (trouble !== undefined)
    throw new RegistryUnavailable(registry, trouble, { detail: `status ${status}`, retryAfterSeconds })
  const read = contract[registry].answer.safeParse(reply.body)
  if (!read.success) throw new TransportFault('nonsense', 'schema')
  const fault = contradiction<R>(question, read.data as WireAnswer<R>)
  if (fault !== undefined) throw new TransportFault('nonsense', fault)
  return read.data as WireAnswer<R>
}

function troubleOf(status: number): Trouble | undefined {
  if (status === 200) return undefined
  if (status === 202) return 'working'
  if (status === 429 || status === 503) return 'busy'
  if (status >= 500 || status === 408 || status === 425) return 'failed'
  // Redirects are not followed: where they lead is not what was configured.
  return status >= 300 ? 'refused' : 'nonsense'
}

/** Whatever was thrown loses its message and causes here: parsers and sockets quote what they were given. */
function asUnavailable(registry: RegistryName, fault: unknown): RegistryUnavailable {
  if (fault instanceof RegistryUnavailable) return fault
  if (fault instanceof TransportFault) return new RegistryUnavailable(registry, fault.trouble, { detail: fault.detail })
  return new RegistryUnavailable(registry, 'failed', { detail: 'unexpected fault' })
}
