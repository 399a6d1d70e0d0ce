import type { ContactKind } from '#src/accounts/contact-store.ts'
import type { PasswordHasher } from '#src/factors/password/hash.ts'
import type { PasswordRules } from '#src/factors/password/rules.ts'
import type { Ctx, FieldError, Routes } from '#src/http/context.ts'
import { type FormResult, readForm } from '#src/http/form.ts'
import { leadTo } from '#src/http/lead-to.ts'
import type { Clock } from '#src/kernel/clock.ts'
import type { Realm } from '#src/kernel/realms.ts'
import { CONSENT_VERSION } from './consent.ts'
import { registrationErrors } from './errors.ts'
import * as forms from './forms.ts'
import type { Limits } from './limits.ts'
import { renderStep, type StepFacts } from './pages.ts'
import {
  type Answers,
  contactOf,
  isOpen,
  nextStep,
  type Step,
  withBirthDate,
  withNames,
  withoutEmail,
} from './registration.ts'
import type { Draft } from './store.ts'
import type { Asker, Outcome, Wizard } from './wizard.ts'

export interface StepRoutesDeps {
  readonly wizard: Wizard
  readonly limits: Limits
  readonly clock: Clock
  readonly hasher: Pick<PasswordHasher, 'hash'>
  readonly emailRequired: boolean
  readonly passwordRules: PasswordRules
  draftOf(ctx: Ctx): Promise<Draft | undefined>
  /** Where a finished registration goes on. */
  finishedPath(draft: Draft): string
}

/** Whoever registers here is a citizen. */
const REALM: Realm = 'citizen'

const askerOf = ({ state }: Ctx): Asker => ({ locale: state.page.locale, network: state.network })

/** Answers a page of the wizard that may be shown; sends everybody else where they have to go on. */
type StepHandler = (ctx: Ctx, draft: Draft) => Promise<void>

/** The nine pages of the wizard: each reads its one thing, and goes on to whatever lacks its answer next. */
export function stepRoutes(router: Routes, deps: StepRoutesDeps): void {
  const { wizard, clock, hasher, draftOf } = deps
  const facts = (): StepFacts => ({
    emailRequired: deps.emailRequired,
    passwordMinLength: deps.passwordRules.minLength(REALM),
  })

  const guarded = (step: Step, handle: StepHandler) => async (ctx: Ctx) => {
    const draft = await draftOf(ctx)
    if (!draft) return leadTo(ctx, '/registration')
    if (draft.finishedOid !== undefined) return leadTo(ctx, deps.finishedPath(draft))
    if (!isOpen(step, draft.answers)) return goOn(ctx, draft.answers)
    await handle(ctx, draft)
  }

  function goOn(ctx: Ctx, answers: Answers): void {
    leadTo(ctx, answers.clash ? '/registration/clash' : `/registration/${nextStep(answers)}`)
  }

  function page(
    step: Step,
    submit: StepHandler,
    show: StepHandler = async (ctx, draft) => renderStep(ctx, step, draft, facts()),
  ) {
    router.get(`/registration/${step}`, guarded(step, show))
    router.post(`/registration/${step}`, guarded(step, submit))
  }

  function refuse(
    ctx: Ctx,
    step: Step,
    draft: Draft,
    errors: readonly FieldError[],
    typed: Record<string, string> = {},
  ) {
    renderStep(ctx, step, draft, facts(), { status: 422, errors, typed })
  }

  /** Reads the form, keeps the answer, goes on. */
  function simple<T>(
    step: Step,
    read: (ctx: Ctx) => FormResult<T>,
    change: (answers: Answers, values: T) => Answers,
  ): void {
    page(step, async (ctx, draft) => {
      const form = read(ctx)
      if (!form.ok) return refuse(ctx, step, draft, form.errors, form.typed)
      goOn(ctx, await wizard.answer(draft, (answers) => change(answers, form.values)))
    })
  }

  async function keepContact(ctx: Ctx, draft: Draft, kind: ContactKind, value: string): Promise<void> {
    const minutes = await deps.limits.askCode(ctx.state.network, draft.id)
    if (minutes > 0) {
      const error = { field: kind, code: registrationErrors.too_many_codes.code, values: { minutes } }
      return refuse(ctx, kind, draft, [error], { [kind]: value })
    }
    const outcome = await wizard.answerContact(draft, kind, value, askerOf(ctx))
    if (outcome.ok) return goOn(ctx, outcome.answers)
    refuse(ctx, kind, draft, [refusalAt(kind, outcome)], { [kind]: value })
  }

  function codePage(kind: ContactKind): void {
    const step: Step = `${kind}-code`
    const show = async (ctx: Ctx, draft: Draft, error?: FieldError) => {
      const at = await wizard.resendAt(draft, kind)
      const waitSeconds = Math.max(0, Math.ceil(((at?.getTime() ?? 0) - clock.now().getTime()) / 1000))
      const sentAgain = !error && ctx.query.sent === 'again'
      const options = error && { status: 422, errors: [error] }
      renderStep(ctx, step, draft, { ...facts(), waitSeconds, sentAgain }, options)
    }
    page(
      step,
      async (ctx, draft) => {
        const form = readForm(ctx, forms.codeForm)
        if (!form.ok) return show(ctx, draft, form.errors[0])
        const outcome = await wizard.confirmContact(draft, kind, form.values.code)
        if (!outcome.ok) return show(ctx, draft, refusalAt('code', outcome))
        goOn(ctx, outcome.answers)
      },
      (ctx, draft) => show(ctx, draft),
    )
    router.post(
      `/registration/${step}/again`,
      guarded(step, async (ctx, draft) => {
        const form = readForm(ctx, forms.emptyForm)
        if (!form.ok) return show(ctx, draft, form.errors[0])
        const outcome = await wizard.sendAgain(draft, kind, askerOf(ctx))
        if (!outcome.ok) return show(ctx, draft, refusalAt('code', outcome))
        leadTo(ctx, `/registration/${step}?sent=again`)
      }),
    )
  }

  page('phone', async (ctx, draft) => {
    const form = readForm(ctx, forms.phoneForm)
    if (!form.ok) return refuse(ctx, 'phone', draft, form.errors, form.typed)
    await keepContact(ctx, draft, 'phone', form.values.phone)
  })
  codePage('phone')

  page('email', async (ctx, draft) => {
    if (!deps.emailRequired && readForm(ctx, forms.skipForm).ok)
      return goOn(ctx, await wizard.answer(draft, withoutEmail))
    const form = readForm(ctx, forms.emailForm)
    if (!form.ok) return refuse(ctx, 'email', draft, form.errors, form.typed)
    await keepContact(ctx, draft, 'email', form.values.email)
  })
  codePage('email')

  simple(
    'name',
    (ctx) => readForm(ctx, forms.nameForm),
    (answers, { patronymic, ...names }) => withNames(answers, patronymic === '' ? names : { ...names, patronymic }),
  )
  simple(
    'birth-date',
    (ctx) => readForm(ctx, forms.birthDateForm(clock.now())),
    (answers, { birthDate }) => withBirthDate(answers, birthDate),
  )
  simple(
    'gender',
    (ctx) => readForm(ctx, forms.genderForm),
    (answers, { gender }) => ({ ...answers, gender }),
  )

  page('password', async (ctx, draft) => {
    const form = readForm(ctx, forms.passwordForm)
    // What was typed does not come back: a password is on no page of ours.
    if (!form.ok) return refuse(ctx, 'password', draft, form.errors)
    const checked = await deps.passwordRules.check(form.values.password, REALM, ownerOf(draft.answers))
    if (!checked.ok)
      return refuse(ctx, 'password', draft, [{ field: 'password', code: checked.code, values: checked.values }])
    const passwordHash = await hasher.hash(form.values.password)
    // Another tab may have changed the name meanwhile, which the new password was not checked against.
    goOn(
      ctx,
      await wizard.answer(draft, (answers) =>
        sameOwner(answers, draft.answers) ? { ...answers, passwordHash } : answers,
      ),
    )
  })

  page('check', async (ctx, draft) => {
    const form = readForm(ctx, forms.checkForm)
    if (!form.ok) return refuse(ctx, 'check', draft, form.errors, form.typed)
    const completion = await wizard.complete(draft, form.values.version, {
      consentVersion: CONSENT_VERSION,
      locale: ctx.state.page.locale,
    })
    if (completion?.ok) return leadTo(ctx, deps.finishedPath(draft))
    if (completion) return leadTo(ctx, '/registration/clash')
    const current = (await draftOf(ctx)) ?? draft
    if (nextStep(current.answers) !== 'check') return goOn(ctx, current.answers)
    refuse(ctx, 'check', current, [{ field: '', code: registrationErrors.answers_changed.code }])
  })
}

function refusalAt(field: string, { error, values }: Extract<Outcome, { ok: false }>): FieldError {
  return { field, code: error.code, values }
}

function ownerOf(answers: Answers) {
  const { names, birthDate = '' } = answers
  const [phone, email] = [contactOf(answers, 'phone')?.value, contactOf(answers, 'email')?.value]
  return {
    names: names ? [names.familyName, names.givenName, names.patronymic ?? ''] : [],
    birthDate,
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
  }
}

function sameOwner(a: Answers, b: Answers): boolean {
  return JSON.stringify(ownerOf(a)) === JSON.stringify(ownerOf(b))
}
