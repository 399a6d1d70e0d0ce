import { z } from 'zod'
import { labelsOf } from '#src/consents/labels.ts'
import { claimsAsked } from '#src/consents/scopes.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clients } from '../clients/clients.ts'
import { describe } from '../clients.ts'
import type { Approval } from './approval.ts'
import { takesCode } from './asking.ts'
import type { Deciding } from './deciding.ts'
import { cibaErrors } from './errors.ts'
import type { CibaRequest } from './request.ts'

const Decision = z.object({
  code: z.string().default(''),
  decision: z.enum(['approve', 'refuse'], cibaErrors.decision_missing.code),
})
const Empty = z.object({})

export interface ApprovalRoutesDeps {
  readonly approval: Approval
  readonly deciding: Deciding
  readonly clients: Pick<Clients, 'find'>
  /** For how long an approval lets the client get data. */
  readonly consentDays: number
}

/** Where the message of a request leads. Programs open the links of messages: only the buttons of the page decide. */
export function approvalRoutes(router: Routes, deps: ApprovalRoutesDeps): void {
  const { approval, deciding, clients, consentDays: days } = deps
  const gone = (ctx: Ctx) => ctx.state.page.render('oidc/approve-gone', {}, { status: cibaErrors.gone.status })
  const placeOf = (ctx: Ctx) => ({ address: ctx.state.address, device: ctx.get('User-Agent') })

  async function show(ctx: Ctx, request: CibaRequest, options?: RenderOptions): Promise<void> {
    const { page } = ctx.state
    const client = await clients.find(request.clientId)
    if (!client) return gone(ctx)
    // What is asked for and not the values: whoever has only the link must not read them.
    const newData = await deciding.asksNewData(request)
    const data = newData ? dataAsked(request) : []
    const { bindingMessage, level, scopes, ticket } = request
    const offline = newData && scopes.includes('offline_access')
    const base = `/approve/${ticket}`
    const described = describe(client, page.locale)
    const model = { client: described, bindingMessage, level, data, days, offline, base, code: takesCode(request) }
    page.render('oidc/approve', model, options)
  }

  router.get('/approve/done', (ctx) => ctx.state.page.render('oidc/approve-done', { outcome: 'approved' }))
  router.get('/approve/refused', (ctx) => ctx.state.page.render('oidc/approve-done', { outcome: 'refused' }))
  router.get('/approve/below-level', (ctx) => ctx.state.page.render('oidc/approve-done', { outcome: 'below_level' }))

  router.get('/approve/:ticket', async (ctx) => {
    const request = await approval.find(ctx.params.ticket ?? '')
    if (!request) return gone(ctx)
    await show(ctx, request)
  })

  router.post('/approve/:ticket', async (ctx) => {
    const request = await approval.find(ctx.params.ticket ?? '')
    if (!request) return gone(ctx)
    const form = readForm(ctx, Decision)
    if (!form.ok) return show(ctx, request, { status: 422, errors: form.errors })
    if (form.values.decision === 'refuse') {
      await deciding.refuse(request, placeOf(ctx))
      return leadTo(ctx, '/approve/refused')
    }
    const outcome = await approval.approve(request, form.values.code, placeOf(ctx))
    if (outcome.ok) return leadTo(ctx, outcome.decided === 'approved' ? '/approve/done' : '/approve/below-level')
    const { error, values } = outcome
    const errors = [{ field: 'code', code: error.code, ...(values && { values }) }]
    await show(ctx, request, { status: error.status, errors })
  })

  router.post('/approve/:ticket/again', async (ctx) => {
    const request = await approval.find(ctx.params.ticket ?? '')
    if (!request) return gone(ctx)
    const form = readForm(ctx, Empty)
    if (!form.ok) return show(ctx, request, { status: 422, errors: form.errors })
    const outcome = await approval.again(request)
    if (outcome.ok) return leadTo(ctx, `/approve/${request.ticket}`)
    const { error, values } = outcome
    await show(ctx, request, {
      status: error.status,
      errors: [{ field: 'code', code: error.code, ...(values && { values }) }],
    })
  })

  // Where a form was sent to, the language switch and the address bar lead back by GET.
  router.get('/approve/:ticket/again', (ctx) => leadTo(ctx, `/approve/${encodeURIComponent(ctx.params.ticket!)}`))
}

/** Keys of texts that name the data, as the page of the consent does. */
const dataAsked = ({ scopes, claims }: CibaRequest) => labelsOf(['sub', ...claimsAsked(scopes, claims)])
