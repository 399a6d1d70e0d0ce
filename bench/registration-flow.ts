import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { Child } from './child.ts'
import { formOf } from './flows.ts'
import { FlowFailure, type Visitor } from './visitor.ts'

const person = { familyName: 'Соловьёва', givenName: 'Анна', patronymic: 'Павловна' }

/** What each page of the wizard is known by, without an e-mail, and what is answered there. */
const answers = (phone: string, code: () => Promise<string>) =>
  [
    ['csrf', async () => ({})],
    ['name="phone"', async () => ({ phone })],
    ['name="code"', async () => ({ code: await code() })],
    ['name="email"', async () => ({ email: '', skip: 'yes' })],
    ['name="familyName"', async () => person],
    ['name="birthDate"', async () => ({ birthDate: '03.02.1988' })],
    ['name="gender"', async () => ({ gender: 'female' })],
    ['name="password"', async () => ({ password: 'янтарный чайник Енисея' })],
    ['name="consent"', async () => ({ consent: CONSENT_VERSION })],
  ] as const

/** Somebody registers, from the first page to the account. @param child where the code that is sent can be asked for */
export async function register(visitor: Visitor, child: Child, phone: string): Promise<void> {
  let page = await visitor.get('/registration')
  for (const [field, fields] of answers(phone, () => child.ask<string>('codeSentTo', phone))) {
    const { action, hidden } = formOf(page, field)
    const answered = await visitor.submit(action, { ...hidden, ...(await fields()) })
    if (answered.status !== 303) throw new FlowFailure(`${action} was refused`, answered)
    page = await visitor.get(answered.location)
    if (page.status !== 200) throw new FlowFailure(`no page after ${action}`, page)
  }
}
