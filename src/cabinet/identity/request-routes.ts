import { z } from 'zod'
import { changeInWords, type DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { wordedDate, wordedMoment } from '#src/kernel/locale.ts'
import type { Requests } from '#src/proofing/proofing.ts'
import { openStates, type ProofingRequest } from '#src/proofing/request.ts'
import { type Entrance, type SignedIn, sensitive } from '../entrance.ts'
import { momentInWords } from '../place-words.ts'
import { answersOf } from './answers.ts'
import { pageOfReasons } from './reasons.ts'
import { REQUESTS, type Subject, type Subjects, subjectOf } from './subjects.ts'
import { reasonsInWords, requestInWords, stepsInWords } from './words.ts'

export interface RequestRoutesDeps {
  readonly entrance: Entrance
  readonly requests: Pick<Requests, 'find' | 'list' | 'proposalOf' | 'withdraw' | 'settled'>
  readonly delayedChanges: Pick<DelayedChanges, 'waiting'>
  readonly subjects: Subjects
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
  readonly clock: Clock
}

const PAGE = 20
/** Most answers come within a second. */
const WAIT_MS = 3000
const REFRESH_SECONDS = 10
/** After so long a message is what one waits for, and not a page. */
const REFRESHED_SECONDS = 120
const Empty = z.object({})

/** «Мои запросы»: everything that was asked for, what became of it and why; also what only waits for its time. */
export function requestRoutes(router: Routes, deps: RequestRoutesDeps): void {
  const { entrance, requests } = deps

  router.get(REQUESTS, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { t, locale } = ctx.state.page
    const { before } = ctx.query
    const from = typeof before === 'string' ? before : undefined
    const list = await requests.list(person.oid, { limit: PAGE + 1, ...(from !== undefined && { before: from }) })
    const shown = list.slice(0, PAGE)
    const waiting = from === undefined ? await deps.delayedChanges.waiting(person.oid) : []
    person.show('cabinet/identity/requests', {
      requests: shown.map((request) => requestInWords(request, t, locale)),
      earlier: list.length > PAGE ? shown.at(-1)!.id : undefined,
      later: from !== undefined,
      changes: waiting.map((change) => ({
        what: changeInWords(change, t),
        requested: wordedMoment(change.requestedAt, locale),
        due: wordedMoment(change.dueAt, locale),
      })),
      done: ctx.query.done === 'withdrawn' ? 'withdrawn' : undefined,
    })
  })

  type Asked = Ctx & { readonly params: { readonly id?: string } }

  /** @throws AppError `cabinet.not_found` for what this account did not ask for */
  async function found(ctx: Asked, person: SignedIn): Promise<ProofingRequest> {
    const request = await requests.find(person.oid, ctx.params.id ?? '')
    if (!request) throw await person.missing('request')
    return request
  }

  async function show(ctx: Ctx, person: SignedIn, request: ProofingRequest): Promise<void> {
    const { t, locale } = ctx.state.page
    const { id, kind, state, reasons, createdAt, dueAt, retryAt } = request
    const ageSeconds = (deps.clock.now().getTime() - createdAt.getTime()) / 1000
    const refreshable = state === 'checking' && ageSeconds < REFRESHED_SECONDS
    const refreshes = refreshable && ctx.query.still === undefined
    // By the header, so that the page stays as it is where its reader has stopped that.
    if (refreshes) ctx.set('Refresh', `${REFRESH_SECONDS}; url=${REQUESTS}/${id}`)
    const typed = state === 'refused' ? await requests.proposalOf(person.oid, id) : undefined
    person.show('cabinet/identity/request', {
      request: {
        ...requestInWords(request, t, locale),
        letter: kind === 'letter',
        checking: state === 'checking',
        refused: state === 'refused',
        confirmed: state === 'confirmed',
      },
      reasons: reasonsInWords(reasons, t),
      due: openStates.includes(state) ? wordedDate(dueAt, locale) : undefined,
      retry: retryAt && momentInWords(retryAt, t, locale),
      steps: stepsInWords(request, t, locale),
      path: `${REQUESTS}/${id}`,
      refreshes,
      refreshable,
      seconds: REFRESH_SECONDS,
      redeemable: kind === 'letter' && state === 'waiting',
      correctable: typed !== undefined && subjectOf(request) !== undefined,
      withdrawable: isWithdrawable(request, person),
    })
  }

  router.get(`${REQUESTS}/:id`, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const request = await found(ctx, person)
    // Whoever has just sent it, or looks again, mostly sees the answer at once.
    const waits = request.state === 'checking' && request.retryAt === undefined
    const now = waits ? await requests.settled(person.oid, request.id, WAIT_MS) : request
    await show(ctx, person, now ?? request)
  })

  router.post(`${REQUESTS}/:id/correct`, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const request = await found(ctx, person)
    if (!readForm(ctx, Empty).ok) return show(ctx, person, request)
    const { oid, account } = person
    const proposal = await requests.proposalOf(oid, request.id)
    const about = subjectOf(request)
    if (request.state !== 'refused' || !proposal || about === undefined) return leadTo(ctx, `${REQUESTS}/${request.id}`)
    const subject: Subject = proposal.address?.kind === 'actual' ? 'actualAddress' : about
    await deps.subjects.save(oid, subject, answersOf(proposal, account.person))
    leadTo(ctx, pageOfReasons(subject, request.reasons, proposal))
  })

  router.post(`${REQUESTS}/:id/withdraw`, async (ctx) => {
    const id = ctx.params.id ?? ''
    const person = await entrance.signedIn(ctx, { ...sensitive, page: `${REQUESTS}/${encodeURIComponent(id)}` })
    if (!person) return
    const request = await found(ctx, person)
    if (!readForm(ctx, Empty).ok) return show(ctx, person, request)
    const withdrawn = await requests.withdraw(await deps.ownerNotices.ownerOf(person.oid), request.id)
    leadTo(ctx, withdrawn ? `${REQUESTS}?done=withdrawn` : `${REQUESTS}/${request.id}`)
  })

  // The address bar, the language switch and the way back from a sign-in lead here by GET.
  for (const step of ['correct', 'withdraw'])
    router.get(`${REQUESTS}/:id/${step}`, (ctx) =>
      leadTo(ctx, `${REQUESTS}/${encodeURIComponent(ctx.params.id ?? '')}`),
    )
}

/** While it is open; a refused change of core data as well, as it hangs over the level until it is taken back (R-A8). */
function isWithdrawable({ kind, state }: ProofingRequest, { account }: SignedIn): boolean {
  if (kind === 'recheck') return false
  if (openStates.includes(state)) return true
  return (
    state === 'refused' && account.identity.lacks.includes('core_change') && account.identity.level !== 'simplified'
  )
}
