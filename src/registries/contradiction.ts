import type { Question, RegistryName, WireAnswer } from './contract.ts'

/**
 * What is wrong with an answer that is well-formed by itself: it belongs to another question, or cannot be true of this one. A registry
 * that mixes people up must never raise anybody's level.
 * @returns a word for the log, or undefined
 */
export function contradiction<R extends RegistryName>(question: Question<R>, answer: WireAnswer<R>): string | undefined
export function contradiction(question: Question<RegistryName>, answer: WireAnswer<RegistryName>): string | undefined {
  // Uuids are the same in capital letters.
  if (answer.reference.toLowerCase() !== question.reference.toLowerCase()) return 'reference'
  if (!('verdict' in answer)) return undefined
  if (answer.verdict === 'differs') {
    const groups: readonly string[] = answer.groups
    if (new Set(groups).size < groups.length) return 'group named twice'
    if (groups.some((group) => !wasAsked(group, question))) return 'group not asked'
  }
  if (answer.verdict === 'ambiguous' && 'inn' in question) return 'ambiguous though asked whole'
  if ('inn' in answer && !answer.inn.endsWith(innAsked(question))) return 'another INN'
  if ('entity' in answer && !isEntityAsked(answer.entity, question)) return 'another legal entity'
  return undefined
}

/** Groups whose data a question may leave out; all others of a registry's list always come with it. */
function wasAsked(group: string, question: Question<RegistryName>): boolean {
  if (group === 'snils') return 'snils' in question && question.snils !== undefined
  if (group === 'head') return 'head' in question && question.head !== undefined
  return true
}

/** Whole or its ending. An empty ending would fit every number, so what was not asked fits none. */
function innAsked(question: Question<RegistryName>): string {
  if ('innEnding' in question) return question.innEnding
  return 'inn' in question ? question.inn : 'none'
}

function isEntityAsked(
  entity: { readonly ogrn: string; readonly inn: string; readonly type: string },
  question: Question<RegistryName>,
): boolean {
  if (!('ogrn' in question)) return false
  // OGRNIP has 15 digits, OGRN 13; the type must agree with the number.
  const proprietor = question.ogrn.length === 15
  return (
    entity.ogrn === question.ogrn && entity.inn === question.inn && (entity.type === 'sole_proprietor') === proprietor
  )
}
