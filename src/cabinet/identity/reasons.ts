import type { Proposal, ReasonCode } from '#src/proofing/request.ts'
import type { CorePage } from './answers.ts'
import { IDENTITY, type Subject } from './subjects.ts'

/** What a refusal is about, by what its code ends or begins with; the first that fits. */
const about: readonly (readonly [code: RegExp, page: CorePage])[] = [
  [/\.name_differs$/, 'name'],
  [/\.birth_date_differs$/, 'birth-date'],
  [/\.gender_differs$/, 'gender'],
  [/^snils\.|\.snils_differs$/, 'snils'],
  [/^document\.|\.document_differs$/, 'document'],
  [/^person\./, 'name'],
]

/** The page of the core data on which a refusal can be mended. */
export function corePageOf(reason: ReasonCode): CorePage {
  return about.find(([code]) => code.test(reason))?.[1] ?? 'document'
}

/** Where whoever corrects a refused request begins. */
export function pageOfReasons(subject: Subject, reasons: readonly ReasonCode[], { document }: Proposal): string {
  if (subject === 'inn') return `${IDENTITY}/inn`
  if (subject === 'address') return `${IDENTITY}/address`
  if (subject === 'actualAddress') return `${IDENTITY}/actual-address`
  const page = reasons[0] === undefined ? 'document' : corePageOf(reasons[0])
  return page === 'document' && document ? `${IDENTITY}/document/${document.kind}` : `${IDENTITY}/${page}`
}
