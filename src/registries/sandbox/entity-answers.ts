import type { Question, WireAnswer } from '../contract.ts'
import { sandboxCitizens } from '../sandbox-citizens.ts'
import { isSameName } from './answers.ts'
import { legalEntities, type SandboxLegalEntity } from './legal-entities.ts'

type Asked = Question<'legal_entity'>
type WithoutReference<T> = T extends unknown ? Omit<T, 'reference'> : never

/** What the register of legal entities says. It is public, so a liquidation is told before who is not the head. */
export function entityVerdict(question: Asked): WithoutReference<WireAnswer<'legal_entity'>> {
  const found = legalEntities.find(({ ogrn }) => ogrn === question.ogrn)
  if (found === undefined) return { verdict: 'not_found' }
  const { code: _code, shows: _shows, head: _head, liquidated, ...entity } = found
  if (liquidated) return { verdict: 'invalid', reason: 'liquidated' }
  const groups: ('inn' | 'head')[] = []
  if (entity.inn !== question.inn) groups.push('inn')
  if (question.head !== undefined && !isHead(found, question.head)) groups.push('head')
  return groups.length > 0 ? { verdict: 'differs', groups } : { verdict: 'matches', entity }
}

function isHead(entity: SandboxLegalEntity, head: NonNullable<Asked['head']>): boolean {
  const citizen = sandboxCitizens.find(({ code }) => code === entity.head)
  if (citizen === undefined || !isSameName(citizen.name, head.name)) return false
  return head.inn === undefined || head.inn === citizen.inn
}
