import type { Logger } from 'pino'
import { addSeconds, type Clock } from '#src/kernel/clock.ts'
import { makeRegistriesOver, type Reply, type Transport } from './asking.ts'
import type { Question, RegistryName } from './contract.ts'
import type { Registries } from './registries.ts'
import { citizenFor, registryVerdict } from './sandbox/answers.ts'
import type { CitizenRegistry } from './sandbox/citizen.ts'
import { entityVerdict } from './sandbox/entity-answers.ts'
import { suggestionsFor } from './sandbox/suggestions.ts'

const SLOW_TURNS = 2
const SLOW_RETRY_SECONDS = 5
const BUSY_RETRY_SECONDS = 60
/** How long it is remembered how often a question was put. */
const MEMORY_SECONDS = 24 * 60 * 60
const SOMEBODY_ELSES_REFERENCE = '00000000-0000-4000-8000-000000000000'

/** Registries full of made-up citizens, with the faults of real ones: its answers pass the same checks. */
export function makeSandboxRegistries(deps: { clock: Clock; log: Pick<Logger, 'warn' | 'error'> }): Registries {
  return makeRegistriesOver(makeSandboxTransport(deps), deps)
}

/** What registries would answer over the wire, status and all; `test/registries` serves it over HTTP. */
export function makeSandboxTransport({ clock }: { readonly clock: Clock }): Transport {
  const timesAsked = rememberTurns(clock)
  return async (registry, { reference, ...rest }) => {
    const question = { reference, ...rest } as Question<RegistryName>
    if (registry === 'address_suggestions') {
      const suggestions = suggestionsFor((question as Question<'address_suggestions'>).text)
      return { status: 200, body: { reference, suggestions } }
    }
    if (registry === 'legal_entity')
      return { status: 200, body: { reference, ...entityVerdict(question as Question<'legal_entity'>) } }
    const asked = question as Question<CitizenRegistry>
    const conduct = citizenFor(registry, asked)?.records?.[registry]?.conduct
    const verdict = { reference, ...registryVerdict(registry, asked) }
    switch (conduct) {
      case 'slow':
        if (timesAsked(registry, reference) > SLOW_TURNS) return { status: 200, body: verdict }
        return { status: 202, retryAfterSeconds: SLOW_RETRY_SECONDS }
      case 'down':
        return { status: 500 }
      case 'busy':
        return { status: 503, retryAfterSeconds: BUSY_RETRY_SECONDS }
      case 'nonsense':
        return { status: 200, body: { reference, verdict: 'probably' } } satisfies Reply
      case 'contradicts':
        return { status: 200, body: { ...verdict, groups: ['name'] } }
      case 'mixes_up':
        return { status: 200, body: { ...verdict, reference: SOMEBODY_ELSES_REFERENCE } }
      default:
        return { status: 200, body: verdict }
    }
  }
}

/** Counts, within a day, how often one question was put to one registry, this time included. */
function rememberTurns(clock: Clock): (registry: RegistryName, reference: string) => number {
  const turns = new Map<string, { readonly count: number; readonly since: Date }>()
  return (registry, reference) => {
    const now = clock.now()
    for (const [key, { since }] of turns) if (addSeconds(since, MEMORY_SECONDS) < now) turns.delete(key)
    const key = `${registry} ${reference}`
    const { count, since } = turns.get(key) ?? { count: 0, since: now }
    turns.set(key, { count: count + 1, since })
    return count + 1
  }
}
