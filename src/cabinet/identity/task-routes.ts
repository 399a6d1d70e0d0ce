import { z } from 'zod'
import type { Page, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Requests } from '#src/proofing/proofing.ts'
import { openStates } from '#src/proofing/request.ts'
import type { SignedIn } from '../entrance.ts'
import { momentInWords } from '../place-words.ts'
import { type QuestionDeps, readerOf } from './question-routes.ts'
import { IDENTITY, type Subject, subjects } from './subjects.ts'
import { type Known, nextStepOf, type Task, tasksOf } from './tasks.ts'
import { reasonsInWords } from './words.ts'

export interface TaskDeps extends QuestionDeps {
  readonly requests: Pick<Requests, 'list'>
}

const LOOKED_THROUGH = 30
const Empty = z.object({})

/** What is done on the way to the next level, what is being checked, what was refused and why, and the one next step. */
export function taskRoutes(router: Routes, deps: TaskDeps): void {
  async function knownOf({ account, oid }: SignedIn): Promise<Known> {
    const [core, inn, address, list] = await Promise.all([
      deps.subjects.standing(account, 'core'),
      deps.subjects.standing(account, 'inn'),
      deps.subjects.standing(account, 'address'),
      deps.requests.list(oid, { limit: LOOKED_THROUGH }),
    ])
    const letter = list.find(({ kind, state }) => kind === 'letter' && openStates.includes(state))
    return { reader: readerOf(account, deps), core, inn, address, letter }
  }

  router.get(IDENTITY, async (ctx) => {
    const person = await deps.entrance.signedIn(ctx)
    if (!person) return
    const known = await knownOf(person)
    const tasks = tasksOf(known)
    const next = nextStepOf(known, tasks)
    const { page } = ctx.state
    person.show('cabinet/identity/tasks', {
      level: page.t(`accounts.level.${person.account.identity.level}`),
      opens: page.t(`identity.opens.${person.account.identity.level}`),
      unproven: person.account.identity.lacks.includes('proof_again'),
      next: {
        text: page.t(`identity.next.${next.name}`),
        button: next.href && page.t(`identity.next_button.${next.name}`),
        href: next.href,
      },
      tasks: tasks.map((task, index) => inWords(task, page, isTold(tasks.slice(0, index), task))),
      forgettable: [known.core, known.inn, known.address].some(({ drafted }) => drafted),
      forgotten: ctx.query.done === 'forgotten',
    })
  })

  router.post(`${IDENTITY}/forget`, async (ctx) => {
    const person = await deps.entrance.signedIn(ctx, { page: IDENTITY })
    if (!person) return
    if (!readForm(ctx, Empty).ok) return leadTo(ctx, IDENTITY)
    await forgetAll(person.oid)
    leadTo(ctx, `${IDENTITY}?done=forgotten`)
  })
  router.get(`${IDENTITY}/forget`, (ctx) => leadTo(ctx, IDENTITY))

  async function forgetAll(oid: AccountId): Promise<void> {
    for (const subject of Object.keys(subjects) as Subject[]) await deps.subjects.drop(oid, subject)
  }
}

const colours: Readonly<Record<Task['state'], string | undefined>> = {
  none: 'blue',
  saved: 'yellow',
  checking: 'light-blue',
  refused: 'red',
  done: undefined,
  later: undefined,
}

/** One request is about several tasks: how it goes is said beside the first of them. */
const isTold = (before: readonly Task[], { request }: Task) => before.some((task) => task.request?.id === request?.id)

/** @param told how its request goes is said already */
function inWords({ name, state, href, reasons, ...task }: Task, { t, locale }: Page, told: boolean) {
  const request = told ? undefined : task.request
  const optional = (name === 'inn' && t('identity.task_optional')) || (name === 'address' && t('identity.task_address'))
  const later = state === 'later' && t('identity.task_later')
  const retry = request?.retryAt
  const since = request && t('identity.since', { moment: momentInWords(request.createdAt, t, locale) })
  const again = retry && t('identity.again_at', { moment: momentInWords(retry, t, locale) })
  return {
    title: t(`identity.task.${name}`),
    hint: [optional, later, since, again, ...reasonsInWords(reasons, t)].filter(Boolean).join(' '),
    status: t(`identity.status.${name === 'proof' && state === 'checking' ? 'waiting' : state}`),
    colour: colours[state],
    href,
  }
}
