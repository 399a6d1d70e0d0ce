import { z } from 'zod'
import { formatAddress } from '#src/accounts/fields/address.ts'
import { provenAddressOf } from '#src/accounts/identity/proven-data.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Ctx, FieldError, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { wordedDate } from '#src/kernel/locale.ts'
import type { Letters, Requests } from '#src/proofing/proofing.ts'
import { openStates, type ProofingRequest } from '#src/proofing/request.ts'
import { type Entrance, type SignedIn, sensitive } from '../entrance.ts'
import { identityErrors } from './errors.ts'
import { IDENTITY, REQUESTS } from './subjects.ts'
import { requestInWords } from './words.ts'

export interface LetterRoutesDeps {
  readonly entrance: Entrance
  readonly letters: Letters
  readonly requests: Pick<Requests, 'find' | 'list'>
  readonly ownerNotices: Pick<OwnerNotices, 'ownerOf'>
}

const HERE = `${IDENTITY}/letter`
const LOOKED_THROUGH = 30
const Empty = z.object({})
const Code = z.object({ code: z.string().default('') })

/** The registered letter: ordered here, its code entered at its request (R-A5). */
export function letterRoutes(router: Routes, deps: LetterRoutesDeps): void {
  const { entrance, letters, requests } = deps

  /** Why none can be ordered, before anybody has tried. */
  function obstacleOf({ account }: SignedIn, address: string | undefined, open: ProofingRequest | undefined) {
    const { level, lacks } = account.identity
    if (open) return 'open'
    if (level === 'verified') return 'verified'
    if (level === 'simplified') return 'not_standard'
    if (lacks.includes('core_change')) return 'core_change'
    if (!letters.available) return 'unavailable'
    return address === undefined ? 'no_address' : undefined
  }

  async function show(ctx: Ctx, person: SignedIn, error?: FieldError): Promise<void> {
    const { t, locale } = ctx.state.page
    const list = await requests.list(person.oid, { limit: LOOKED_THROUGH })
    const found = provenAddressOf(person.account)
    const address = found && formatAddress(found)
    const open = list.find(({ kind, state }) => kind === 'letter' && openStates.includes(state))
    const obstacle = obstacleOf(person, address, open)
    person.show(
      'cabinet/identity/letter',
      { address, obstacle, open: open && requestInWords(open, t, locale), back: IDENTITY },
      error && { status: 409, errors: [error] },
    )
  }

  router.get(HERE, async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await show(ctx, person)
  })

  router.post(`${HERE}/order`, async (ctx) => {
    const person = await entrance.signedIn(ctx, { ...sensitive, page: HERE })
    if (!person) return
    if (!readForm(ctx, Empty).ok) return show(ctx, person)
    const ordered = await letters.order(await deps.ownerNotices.ownerOf(person.oid), person.session)
    if (ordered.ok) return leadTo(ctx, `${REQUESTS}/${ordered.request.id}`)
    // What else stands in the way the page says itself.
    if (ordered.why !== 'too_many') return show(ctx, person)
    const values = { date: wordedDate(ordered.retryAt, ctx.state.page.locale) }
    await show(ctx, person, { field: '', code: identityErrors.too_many_letters.code, values })
  })
  router.get(`${HERE}/order`, (ctx) => leadTo(ctx, HERE))

  type Asked = Ctx & { readonly params: { readonly id?: string } }

  async function enter(ctx: Asked): Promise<{ person: SignedIn; request: ProofingRequest } | undefined> {
    const id = ctx.params.id ?? ''
    const person = await entrance.signedIn(ctx, { ...sensitive, page: `${REQUESTS}/${encodeURIComponent(id)}/code` })
    if (!person) return undefined
    const request = await requests.find(person.oid, id)
    if (request?.kind !== 'letter') throw await person.missing('letter')
    if (request.state === 'waiting') return { person, request }
    leadTo(ctx, `${REQUESTS}/${request.id}`)
    return undefined
  }

  function showCode(ctx: Ctx, person: SignedIn, request: ProofingRequest, error?: FieldError): void {
    const { t, locale } = ctx.state.page
    const model = { request: requestInWords(request, t, locale), action: `${REQUESTS}/${request.id}/code` }
    person.show('cabinet/identity/letter-code', model, error && { status: 422, errors: [error] })
  }

  router.get(`${REQUESTS}/:id/code`, async (ctx) => {
    const asked = await enter(ctx)
    if (asked) showCode(ctx, asked.person, asked.request)
  })

  router.post(`${REQUESTS}/:id/code`, async (ctx) => {
    const asked = await enter(ctx)
    if (!asked) return
    const { person, request } = asked
    const form = readForm(ctx, Code)
    if (!form.ok) return showCode(ctx, person, request, form.errors[0])
    const owner = await deps.ownerNotices.ownerOf(person.oid)
    const redeemed = await letters.redeem(owner, request.id, form.values.code, person.session)
    if (redeemed.ok) return leadTo(ctx, `${REQUESTS}/${request.id}`)
    const { why, triesLeft } = redeemed
    if (why === 'malformed')
      return showCode(ctx, person, request, { field: 'code', code: identityErrors.code_malformed.code })
    // Its request says what has become of a letter that is worth nothing any more.
    if (why !== 'wrong' || triesLeft === 0) return leadTo(ctx, `${REQUESTS}/${request.id}`)
    showCode(ctx, person, request, {
      field: 'code',
      code: identityErrors.code_wrong.code,
      values: { count: triesLeft },
    })
  })
}
