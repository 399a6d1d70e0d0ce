import { isValid } from '#src/accounts/documents/kinds.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import { openStates, type ProofingRequest, type ReasonCode } from '#src/proofing/request.ts'
import { type CorePage, type Reader, readCore, readDocument } from './answers.ts'
import { corePageOf } from './reasons.ts'
import { IDENTITY, isEarly, REQUESTS, type Standing, subjects } from './subjects.ts'

/** `later`: something else has to be done before. */
type TaskState = 'none' | 'saved' | 'checking' | 'refused' | 'done' | 'later'

/** One line of the list of what leads to the next level. */
export interface Task {
  readonly name: 'about' | 'document' | 'snils' | 'inn' | 'address' | 'proof'
  readonly state: TaskState
  /** Undefined where there is nothing to do now. */
  readonly href: string | undefined
  /** Why it was refused. */
  readonly reasons: readonly ReasonCode[]
  /** That is being checked. */
  readonly request: ProofingRequest | undefined
}

/** The one thing to do next; a text `identity.next.<name>` each. */
export interface NextStep {
  readonly name:
    | 'begin'
    | 'go_on'
    | 'send'
    | 'wait'
    | 'correct'
    | 'settle_change'
    | 'prove'
    | 'address'
    | 'await_letter'
    | 'nothing'
  readonly href: string | undefined
}

export interface Known {
  readonly reader: Reader
  readonly core: Standing
  readonly inn: Standing
  readonly address: Standing
  /** The newest letter that is on its way. */
  readonly letter: ProofingRequest | undefined
}

const CORE: readonly { readonly name: Task['name']; readonly pages: readonly CorePage[] }[] = [
  { name: 'about', pages: ['name', 'birth-date', 'gender'] },
  { name: 'document', pages: ['document'] },
  { name: 'snils', pages: ['snils'] },
]

export function tasksOf(known: Known): Task[] {
  const { account } = known.reader
  return [
    ...CORE.map(({ name, pages }) => coreTask(name, pages, known)),
    furtherTask('inn', known, account.identity.reconciled.has('inn')),
    furtherTask('address', known, provenAddressOf(account) !== undefined),
    proofTask(known),
  ]
}

function coreTask(name: Task['name'], pages: readonly CorePage[], { reader, core }: Known): Task {
  const task = { name, reasons: [], request: undefined, href: `${IDENTITY}/${pages[0]}` }
  const { request, drafted } = core
  if (!drafted && request && openStates.includes(request.state))
    return { ...task, state: 'checking', request, href: `${REQUESTS}/${request.id}` }
  if (!drafted && request?.state === 'refused') {
    const reasons = request.reasons.filter((reason) => pages.includes(corePageOf(reason)))
    if (reasons.length > 0)
      return { ...task, state: 'refused', reasons, href: `${IDENTITY}/${corePageOf(reasons[0]!)}` }
  }
  if (isAnswered(name, core, reader)) return { ...task, state: 'saved' }
  return { ...task, state: isDone(name, reader) ? 'done' : 'none' }
}

/** By what was typed and not sent, or is in the refused request. */
function isAnswered(name: Task['name'], { answers }: Standing, reader: Reader): boolean {
  if (name === 'document') return readDocument(answers, reader)?.ok === true
  const { person = {}, snils } = readCore(answers, reader).proposal
  return name === 'snils' ? snils !== undefined : Object.keys(person).length > 0
}

function isDone(name: Task['name'], { account, now }: Reader): boolean {
  const { identity, documents, person } = account
  if (name === 'about') return true
  if (name === 'snils') return !identity.lacks.includes('snils')
  return !identity.lacks.includes('document') && documents.some(({ document }) => isValid(document, person, now))
}

function furtherTask(name: 'inn' | 'address', { reader, ...known }: Known, done: boolean): Task {
  const { request, drafted } = known[name]
  const task = { name, reasons: [], request: undefined, href: `${IDENTITY}/${name}` }
  const isEarlyYet = isEarly(name, reader.account)
  if (drafted && !isEarlyYet) return { ...task, state: 'saved', href: subjects[name].check }
  if (request && openStates.includes(request.state))
    return { ...task, state: 'checking', request, href: `${REQUESTS}/${request.id}` }
  if (isEarlyYet) return { ...task, state: 'later', href: undefined }
  if (request?.state === 'refused') return { ...task, state: 'refused', reasons: request.reasons }
  return { ...task, state: done ? 'done' : 'none' }
}

function proofTask({ reader, letter }: Known): Task {
  const { level, lacks } = reader.account.identity
  const task = { name: 'proof', reasons: [], request: undefined } as const
  const unproven = lacks.includes('proof') || lacks.includes('proof_again')
  if (!unproven) return { ...task, state: 'done', href: undefined }
  if (level === 'simplified') return { ...task, state: 'later', href: undefined }
  const href = `${IDENTITY}/letter`
  return letter ? { ...task, state: 'checking', request: letter, href } : { ...task, state: 'none', href }
}

/** @param tasks of the same person */
export function nextStepOf({ reader, core, letter }: Known, tasks: readonly Task[]): NextStep {
  const { account } = reader
  const { level, lacks } = account.identity
  const { request, drafted, answers } = core
  const { proposal, pages } = readCore(answers, reader)
  const differs = Object.keys(proposal).length > 0
  if (drafted && (differs || pages.length > 0)) {
    const [page] = pages
    if (page === undefined) return { name: 'send', href: subjects.core.check }
    return { name: 'go_on', href: `${IDENTITY}/${page}` }
  }
  if (request && openStates.includes(request.state)) return { name: 'wait', href: `${REQUESTS}/${request.id}` }
  if (level === 'simplified') {
    if (request?.state === 'refused') return { name: 'correct', href: `${REQUESTS}/${request.id}` }
    const begun = tasks.find(({ name, state }) => (name === 'document' || name === 'snils') && state === 'none')
    return { name: 'begin', href: begun?.href ?? `${IDENTITY}/document` }
  }
  if (lacks.includes('core_change'))
    return {
      name: 'settle_change',
      href: request?.state === 'refused' ? `${REQUESTS}/${request.id}` : subjects.core.check,
    }
  if (level === 'verified') return { name: 'nothing', href: undefined }
  if (letter) return { name: 'await_letter', href: `${IDENTITY}/letter` }
  return provenAddressOf(account)
    ? { name: 'prove', href: `${IDENTITY}/letter` }
    : { name: 'address', href: `${IDENTITY}/address` }
}
