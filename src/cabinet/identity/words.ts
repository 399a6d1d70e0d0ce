import type { Locale, Translate } from '#src/kernel/locale.ts'
import { type ProofingRequest, type ReasonCode, type RequestState, reasonKey } from '#src/proofing/request.ts'
import { groupedNumber } from '#src/proofing/request-number.ts'
import { momentInWords } from '../place-words.ts'

export const reasonsInWords = (reasons: readonly ReasonCode[], t: Translate) =>
  reasons.map((reason) => t(reasonKey(reason)))

/** Of govuk's tags; the text says the same. */
const colours: Readonly<Record<RequestState, string>> = {
  checking: 'blue',
  waiting: 'blue',
  confirmed: 'green',
  refused: 'red',
  withdrawn: 'grey',
  expired: 'grey',
}

/** A request as the list shows it. */
export function requestInWords({ id, number, kind, state, createdAt }: ProofingRequest, t: Translate, locale: Locale) {
  return {
    id,
    number: groupedNumber(number),
    kind: t(`requests.kind.${kind}`),
    state: t(`requests.state.${state}`),
    colour: colours[state],
    created: momentInWords(createdAt, t, locale),
  }
}

/** What happened to a request, the newest last. */
export function stepsInWords({ steps }: ProofingRequest, t: Translate, locale: Locale) {
  return steps.map(({ step, reasons, at }) => ({
    text: t(`requests.step.${step}`),
    reasons: reasonsInWords(reasons, t),
    at: momentInWords(at, t, locale),
  }))
}
