import { type Registries, RegistryUnavailable } from '#src/registries/registries.ts'
import type { Answered, Question } from './questions.ts'
import type { ReasonCode } from './request.ts'

/** What the registries made of a request. Trouble says nothing about the person, so it never confirms and never refuses. */
export type Outcome =
  /** @property inn the whole number, where it was asked for */
  | { readonly kind: 'confirmed'; readonly inn?: string }
  | { readonly kind: 'refused'; readonly reasons: readonly ReasonCode[] }
  /** @property retryAfterSeconds the longest rest that a registry asked for */
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number; readonly registries: readonly string[] }

/** An answer, or that there is none. */
export type Reply = Answered | RegistryUnavailable

/**
 * Asks all at once and waits for all.
 * @throws whatever is no `RegistryUnavailable`: a fault of ours
 */
export async function ask(registries: Registries, questions: readonly Question[]): Promise<Reply[]> {
  return Promise.all(
    questions.map((question) =>
      question(registries).catch((fault: unknown) => {
        if (fault instanceof RegistryUnavailable) return fault
        throw fault
      }),
    ),
  )
}

/**
 * One verdict from all of them. A refusal counts although another registry is silent: what differs will still differ then. A confirmation
 * needs every answer.
 */
export function outcomeOf(replies: readonly Reply[]): Outcome {
  const troubles = replies.filter((reply) => reply instanceof RegistryUnavailable)
  const answers = replies.flatMap((reply) => (reply instanceof RegistryUnavailable ? [] : [reply]))
  const reasons = [...new Set(answers.flatMap(reasonsOf))]
  if (reasons.length > 0) return { kind: 'refused', reasons }
  if (troubles.length > 0)
    return {
      kind: 'unavailable',
      retryAfterSeconds: Math.max(...troubles.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds)),
      registries: troubles.map(({ registry }) => registry),
    }
  const inn = answers.flatMap(({ answer }) => ('inn' in answer ? [answer.inn] : [])).at(0)
  return { kind: 'confirmed', ...(inn !== undefined && { inn }) }
}

/** None for a match. The groups that differ are named, what stands there instead never is. */
function reasonsOf({ registry, answer }: Answered): ReasonCode[] {
  switch (answer.verdict) {
    case 'matches':
      return []
    case 'differs':
      return answer.groups.map((group) => (group === registry ? `${registry}.differs` : `${registry}.${group}_differs`))
    case 'invalid':
      return [`${registry}.${answer.reason}`]
    default:
      return [`${registry}.${answer.verdict}`]
  }
}
