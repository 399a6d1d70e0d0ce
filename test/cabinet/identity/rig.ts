import { documentKinds } from '#src/accounts/documents/kinds.ts'
import type { Locale } from '#src/kernel/locale.ts'
import type { Browser } from '../../browser-http.ts'
import { identityOf, citizen as madeUp, registeredAs } from '../../proofing/rig.ts'
import type { Citizen, World } from '../../world.ts'
import { inCabinet, pathOf } from '../cabinet.ts'

/** An account in the name of a citizen of the sandbox, and a browser that is signed in to it. */
export async function arriving(world: World, code: string, path = '/account/identity', locale: Locale = 'ru') {
  const citizen = await world.citizen({ person: registeredAs(code) })
  return { citizen, browser: await inCabinet(world, citizen, path, world.browser({ locale })) }
}

/** What that citizen types into the fields of the document, by name. */
export function documentFields(code: string): Record<string, string> {
  const { document } = identityOf(code)
  const lines = documentKinds[document.kind].summary(document as never, 'ru')
  return Object.fromEntries(lines.map(({ name, text }) => [name, text]))
}

/** Answers the questions about document and SNILS, as far as the check before sending. */
export async function answering(world: World, browser: Browser, citizen: Citizen, code: string): Promise<void> {
  await browser.open('/account/identity/document')
  await browser.submit({ kind: identityOf(code).document.kind }, '/document')
  await browser.submit(documentFields(code))
  if (pathOf(browser).endsWith('/snils')) await browser.submit({ snils: madeUp(code).snils! }, '/snils')
  await strongly(world, browser, citizen)
}

/** Answers the second factor, where the page asks for it. */
export async function strongly(world: World, browser: Browser, citizen: Citizen): Promise<void> {
  if (!browser.page.html.includes('/factor/code')) return
  await browser.submit({ code: await world.code(citizen.phone) }, '/factor/code')
}

/** The whole way from the task list to the answer. */
export async function identified(world: World, code: string) {
  const { citizen, browser } = await arriving(world, code)
  await answering(world, browser, citizen, code)
  await browser.submit({}, '/check')
  return { citizen, browser }
}
