import { z } from 'zod'
import type { AddressKind } from '#src/accounts/fields/address.ts'
import type { Routes } from '#src/http/context.ts'
import { readForm } from '#src/http/form.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import type { Registries } from '#src/registries/registries.ts'
import { RegistryUnavailable } from '#src/registries/registries.ts'
import { problemsOf, readAddress, readInn } from './answers.ts'
import { type Question, type QuestionDeps, questionRoutes } from './question-routes.ts'
import { IDENTITY } from './subjects.ts'

export interface FurtherDeps extends QuestionDeps {
  readonly registries: Pick<Registries, 'suggestAddresses'>
  /** Whether the directory may be asked once more for this account: its owner types fast, a script faster. */
  readonly maySuggest: (oid: AccountId) => Promise<boolean>
}

const LONGEST_QUERY = 200
const Asked = z.object({ text: z.string().default('') })

const INN: Question = {
  path: `${IDENTITY}/inn`,
  view: 'cabinet/identity/inn',
  subject: 'inn',
  fields: ['inn'],
  problems: ({ inn = '' }) => problemsOf([{ field: 'inn', parsed: readInn(inn) }]),
}

const addressPage = (kind: AddressKind): Question => ({
  path: kind === 'registered' ? `${IDENTITY}/address` : `${IDENTITY}/actual-address`,
  view: 'cabinet/identity/address',
  subject: kind === 'registered' ? 'address' : 'actualAddress',
  fields: ['text', 'postcode'],
  model: () => ({ kind, suggestions: SUGGESTIONS }),
  problems(typed) {
    const read = readAddress(kind, typed)
    return read.ok ? [] : read.problems
  },
})

const SUGGESTIONS = `${IDENTITY}/address/suggestions`

/** What may be added: the INN and the addresses. */
export function furtherRoutes(router: Routes, deps: FurtherDeps): void {
  for (const question of [INN, addressPage('registered'), addressPage('actual')]) questionRoutes(router, question, deps)

  // Asked by the script of the page; without it, or without the directory, the address is plain text. By POST, as what people type of where
  // they live must not stand in addresses, which proxies log.
  router.post(SUGGESTIONS, async (ctx) => {
    const person = await deps.entrance.whose(ctx)
    ctx.set('Cache-Control', 'no-store')
    const form = readForm(ctx, Asked)
    const asked = form.ok ? form.values.text.trim().slice(0, LONGEST_QUERY) : ''
    ctx.body = { suggestions: [] }
    if (!person || asked === '' || !(await deps.maySuggest(person.oid))) return
    try {
      const found = await deps.registries.suggestAddresses(asked)
      ctx.body = { suggestions: found.map(({ text: line, postcode }) => ({ text: line, postcode })) }
    } catch (fault) {
      if (!(fault instanceof RegistryUnavailable)) throw fault
    }
  })
}
