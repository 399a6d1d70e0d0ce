import { z } from 'zod'
import { consentItems } from '#src/consents/display.ts'
import type { Ctx, RenderOptions, Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import { meets } from '#src/login/assurance.ts'
import type { Entrance, SignedIn } from './entrance.ts'
import { cabinetErrors } from './errors.ts'
import type { PendingRequests } from './requests.ts'

const Decision = z.object({ decision: z.enum(['approve', 'refuse'], cabinetErrors.decision_missing.code) })

const outcomes = { approve: 'approved', refuse: 'refused' } as const
const ends = ['approved', 'refused', 'below_level'] as const

export interface RequestRoutesDeps {
  readonly entrance: Entrance
  readonly requests: PendingRequests
  /** For how long an approval lets the service get data. */
  readonly consentDays: number
}

/** What services ask the person to approve. */
export function requestRoutes(router: Routes, { entrance, requests, consentDays }: RequestRoutesDeps): void {
  async function showRequests(ctx: Ctx, person: SignedIn, options?: RenderOptions): Promise<void> {
    const { page } = ctx.state
    const waiting = await requests.waiting(person, page.locale)
    const shown = waiting.map((request) => ({
      ...request,
      items: request.newData ? consentItems(person.account, request, { t: page.t, locale: page.locale }) : [],
      offline: request.newData && request.scopes.includes('offline_access'),
      stepUp: !meets(request.demand, person.evidence),
    }))
    const done = ends.find((end) => end === ctx.query.done)
    person.show('cabinet/requests', { requests: shown, days: consentDays, done }, options)
  }

  const showGone = (ctx: Ctx, person: SignedIn) =>
    showRequests(ctx, person, {
      status: cabinetErrors.request_gone.status,
      errors: [{ field: '', code: cabinetErrors.request_gone.code }],
    })

  router.get('/requests', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (person) await showRequests(ctx, person)
  })

  router.post('/requests/:id', async (ctx) => {
    const person = await entrance.signedIn(ctx)
    if (!person) return
    const form = readForm(ctx, Decision)
    if (!form.ok) return showRequests(ctx, person, { status: 422, errors: form.errors })
    const request = await requests.find(person, ctx.params.id ?? '', ctx.state.page.locale)
    if (!request) return showGone(ctx, person)
    // Refusing asks for nothing more: whoever is in doubt shall not be held up.
    const decider = form.values.decision === 'refuse' ? person : await entrance.signedIn(ctx, request.demand)
    if (!decider) return
    const outcome = outcomes[form.values.decision]
    const place = { address: ctx.state.address, device: ctx.get('User-Agent') }
    const decided = await requests.decide(decider, request.id, outcome, place)
    if (!decided) return showGone(ctx, person)
    leadTo(ctx, `/requests?done=${decided}`)
  })

  // Where a form was sent to, the language switch, the address bar and the way back from a step-up lead here by GET.
  router.get('/requests/:id', (ctx) => leadTo(ctx, '/requests'))
}
