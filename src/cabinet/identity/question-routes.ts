import { z } from 'zod'
import type { Account } from '#src/accounts/account.ts'
import type { Problem } from '#src/accounts/fields/problem.ts'
import type { Ctx, Page, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Entrance, SignedIn } from '../entrance.ts'
import { type Answers, type CorePage, type Reader, readCore } from './answers.ts'
import { IDENTITY, isEarly, type Subject, type Subjects, subjects } from './subjects.ts'

export interface QuestionDeps {
  readonly entrance: Entrance
  readonly subjects: Subjects
  readonly foreignDocuments: boolean
  readonly clock: Clock
}

/** One page that asks one question, whose answer is kept until it is sent or given up. */
export interface Question {
  readonly path: string
  readonly view: string
  readonly subject: Subject
  /** Names of its fields. */
  readonly fields: readonly string[]
  /** Before these names in the answers; what else begins so belongs to the question too. */
  readonly prefix?: string
  /** What stands in the fields before anything was answered. */
  present?(account: Account): Answers
  /** What else the view needs. */
  model?(page: Page, account: Account): Readonly<Record<string, unknown>>
  /** Why what was typed is refused; none keeps it. @param answers with what was typed */
  problems(typed: Answers, answers: Answers, reader: Reader): readonly Problem[]
  /** What is kept besides, or instead, of the other answers of the subject. */
  keeps?(answers: Answers, typed: Answers): Answers
  /** Where the answer leads, where that is not the next open question. */
  readonly next?: (typed: Answers) => string
}

export function readerOf(
  account: Account,
  { foreignDocuments, clock }: Pick<QuestionDeps, 'foreignDocuments' | 'clock'>,
): Reader {
  return { account, foreignDocuments, now: clock.now() }
}

/** The page of what is to be told or corrected next; the check before sending when that is nothing. */
export function nextPath(pages: readonly CorePage[]): string {
  return pages[0] === undefined ? subjects.core.check : `${IDENTITY}/${pages[0]}`
}

export function questionRoutes(router: Routes, question: Question, deps: QuestionDeps): void {
  const { path, view, subject, fields, prefix = '' } = question
  const shape = z.object(Object.fromEntries(fields.map((name) => [name, z.string().default('')])))

  async function show(ctx: Ctx, person: SignedIn, typed?: Answers, errors: readonly Problem[] = []): Promise<void> {
    const { page } = ctx.state
    const { account } = person
    const { answers } = await deps.subjects.standing(account, subject)
    const answered = fields.some((name) => answers[prefix + name] !== undefined)
    const known = answered ? pick(answers, fields, prefix) : (question.present?.(account) ?? {})
    const model = { ...known, values: known, ...question.model?.(page, account), action: path, back: IDENTITY }
    // A rule may refuse what another page asks for: such an error has no field here to lead to.
    const own = errors.map((error) => ({ ...error, field: fields.includes(error.field) ? error.field : '' }))
    person.show(view, model, { ...(own.length > 0 && { status: 422, errors: own }), ...(typed && { typed }) })
  }

  router.get(path, async (ctx) => {
    const person = await deps.entrance.signedIn(ctx)
    if (!person) return
    if (isEarly(subject, person.account)) return leadTo(ctx, IDENTITY)
    await show(ctx, person)
  })

  router.post(path, async (ctx) => {
    const person = await deps.entrance.signedIn(ctx, { keep: fields })
    if (!person) return
    if (isEarly(subject, person.account)) return leadTo(ctx, IDENTITY)
    const form = readForm<Record<string, string>>(ctx, shape as never)
    if (!form.ok) return show(ctx, person, form.typed, form.errors)
    const { account, oid } = person
    const typed = form.values
    const before = (await deps.subjects.standing(account, subject)).answers
    const answers = { ...before, ...prefixed(typed, prefix) }
    const reader = readerOf(account, deps)
    const problems = question.problems(typed, answers, reader)
    if (problems.length > 0) return show(ctx, person, typed, problems)
    const kept = question.keeps ? question.keeps(answers, typed) : answers
    await deps.subjects.save(oid, subject, kept)
    if (question.next) return leadTo(ctx, question.next(typed))
    leadTo(ctx, subject === 'core' ? nextPath(readCore(kept, reader).pages) : subjects[subject].check)
  })
}

const pick = (answers: Answers, fields: readonly string[], prefix: string): Answers =>
  Object.fromEntries(fields.map((name) => [name, answers[prefix + name] ?? '']))

const prefixed = (typed: Answers, prefix: string): Answers =>
  Object.fromEntries(Object.entries(typed).map(([name, value]) => [prefix + name, value]))
