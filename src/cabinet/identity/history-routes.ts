import { z } from 'zod'
import type { PastChange } from '#src/accounts/identity/history.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, FieldError, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Requests } from '#src/proofing/proofing.ts'
import { type Entrance, type SignedIn, sensitive } from '../entrance.ts'
import { refusalOf, statusOf } from './check-routes.ts'
import { identityErrors } from './errors.ts'
import { changeInWords } from './history-words.ts'
import { type OriginDeps, originsInWords } from './origin-words.ts'
import { REQUESTS } from './subjects.ts'

export interface HistoryDeps extends OriginDeps {
  readonly entrance: Entrance
  readonly records: Pick<IdentityRecords, 'historyOf'>
  readonly requests: Pick<Requests, 'undo'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
}

const HISTORY = '/account/history'
const PAGE = 20
const MOST_TOGETHER = 100
const SEQ = /^[1-9]\d{0,17}$/
const Empty = z.object({})

/** Every value that was another one before: when, by whom, from where; and the way back, which is a new request (R-A8). */
export function historyRoutes(router: Routes, deps: HistoryDeps): void {
  const { entrance, records } = deps

  router.get(HISTORY, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const { t, locale } = ctx.state.page
    const { before, open } = ctx.query
    const beforeSeq = typeof before === 'string' && SEQ.test(before) ? before : undefined
    const found = await records.historyOf(person.oid, { limit: PAGE + 1, ...(beforeSeq && { beforeSeq }) })
    const shown = found.slice(0, PAGE)
    const origins = await originsInWords(person.oid, shown, { ...deps, t, locale })
    const here = (seq?: string) => {
      const query = new URLSearchParams({ ...(beforeSeq && { before: beforeSeq }), ...(seq && { open: seq }) })
      return query.size === 0 ? HISTORY : `${HISTORY}?${query}`
    }
    person.show('cabinet/identity/history', {
      changes: shown.map((change) => {
        const { seq, origin } = change
        const isOpen = seq === open
        const { isMasked, ...words } = changeInWords(change, t, locale, isOpen ? 'whole' : 'masked')
        return {
          ...words,
          from: origins.get(origin) ?? '',
          isOpen,
          openHref: isMasked ? here(isOpen ? undefined : seq) : undefined,
          undoHref: isUndoable(change) ? `${HISTORY}/${seq}` : undefined,
        }
      }),
      earlier: found.length > PAGE ? shown.at(-1)!.seq : undefined,
      later: beforeSeq !== undefined,
    })
  })

  type Asked = Ctx & { readonly params: { readonly seq?: string } }

  /** The change, with all that were made together with it: they go back together. @returns undefined when the answer is a redirect */
  async function enter(ctx: Asked): Promise<{ person: SignedIn; seq: string; changes: PastChange[] } | undefined> {
    const { seq = '' } = ctx.params
    const person = await entrance.signedIn(ctx, { ...sensitive, page: `${HISTORY}/${encodeURIComponent(seq)}` })
    if (!person) return undefined
    const beforeSeq = SEQ.test(seq) ? String(BigInt(seq) + 1n) : '0'
    const [change] = await records.historyOf(person.oid, { limit: 1, beforeSeq })
    if (change?.seq !== seq) throw await person.missing('change')
    const { request } = change
    const together = request ? await records.historyOf(person.oid, { limit: MOST_TOGETHER, request }) : [change]
    return { person, seq, changes: together.filter(isUndoable) }
  }

  function show(
    ctx: Ctx,
    person: SignedIn,
    model: { seq: string; changes: PastChange[] },
    error?: FieldError,
    status = 409,
  ) {
    const { t, locale } = ctx.state.page
    const changes = model.changes.map((change) => changeInWords(change, t, locale, 'whole'))
    const action = `${HISTORY}/${model.seq}/undo`
    person.show('cabinet/identity/undo', { changes, action, back: HISTORY }, error && { status, errors: [error] })
  }

  router.get(`${HISTORY}/:seq`, async (ctx) => {
    const asked = await enter(ctx)
    if (!asked) return
    if (asked.changes.length === 0) return leadTo(ctx, HISTORY)
    show(ctx, asked.person, asked)
  })

  router.post(`${HISTORY}/:seq/undo`, async (ctx) => {
    const asked = await enter(ctx)
    if (!asked) return
    const { person, seq } = asked
    const form = readForm(ctx, Empty)
    if (!form.ok) return show(ctx, person, asked, form.errors[0], 422)
    const opened = await deps.requests.undo(await deps.ownerNotices.ownerOf(person.oid), seq, person.session)
    if (opened === 'gone') return show(ctx, person, asked, { field: '', code: identityErrors.undo_gone.code })
    if (!opened.ok) return show(ctx, person, asked, refusalOf(opened, ctx.state.page), statusOf(opened))
    leadTo(ctx, `${REQUESTS}/${opened.request.id}`)
  })
  router.get(`${HISTORY}/:seq/undo`, (ctx) => leadTo(ctx, `${HISTORY}/${encodeURIComponent(ctx.params.seq ?? '')}`))
}

/** One's own, with something to go back to; only a patronymic can be taken away again. */
function isUndoable({ cause, before, field }: PastChange): boolean {
  return cause === 'reconciled' && (before !== undefined || field === 'patronymic')
}
