import { vi } from 'vitest'
import type { Locale } from '#src/kernel/locale.ts'
import { Browser } from '../browser-http.ts'
import type { ActingParty } from '../relying-party.ts'
import { enter, signedIn } from '../signing-in.ts'
import type { Citizen, World } from '../world.ts'
import { deviceTour, requestsTour } from './asking-tour.ts'
import { cabinetTour } from './cabinet-tour.ts'
import { contactsTour } from './contacts-tour.ts'
import type { Demo } from './demo.ts'
import { identityTour } from './identity-tour.ts'
import { journalTour } from './journal-tour.ts'
import { leavingTour } from './leaving-tour.ts'
import { passkeyTour } from './passkey-tour.ts'
import { passwordTour } from './password-tour.ts'
import { recoveryTour } from './recovery-tour.ts'
import { resourcesTour } from './resources-tour.ts'
import { securityTour } from './security-tour.ts'
import { sessionsTour } from './sessions-tour.ts'
import type { Specimen } from './specimen.ts'
import { stepUpTour } from './step-up-tour.ts'

export interface TourDeps {
  readonly world: World
  readonly demo: Demo
  readonly locale: Locale
}

/** Keeps every page that a flow shows, under the view that was rendered last. */
class Album {
  readonly specimens: Specimen[] = []
  readonly #locale: Locale

  constructor(locale: Locale) {
    this.#locale = locale
  }

  keep(view: string, state: string, { page }: Browser): void {
    this.specimens.push({
      view,
      locale: this.#locale,
      state,
      address: page.url,
      html: page.html,
      policy: page.headers['content-security-policy']?.toString(),
    })
  }
}

/** Walks through the whole application in one language and brings back the pages it met. */
export async function tour(deps: TourDeps): Promise<Specimen[]> {
  const album = new Album(deps.locale)
  await registrationTour(deps, album)
  await clashTour(deps, album)
  await signInTour(deps, album)
  await guessingTour(deps, album)
  await resourcesTour(deps, (state, browser) => album.keep(deps.world.view, state, browser))
  await signOutTour(deps, album)
  const keep = (state: string, browser: Browser) => album.keep(deps.world.view, state, browser)
  await deviceTour(deps, keep)
  await requestsTour(deps, keep)
  await cabinetTour(deps, keep)
  await identityTour(deps, keep)
  await sessionsTour(deps, keep)
  await journalTour(deps, keep)
  await passkeyTour(deps, keep)
  await stepUpTour(deps, keep)
  await recoveryTour(deps, keep)
  await securityTour(deps, keep)
  await passwordTour(deps, keep)
  await contactsTour(deps, keep)
  await leavingTour(deps, keep)
  await errorTour(deps, album)
  await demoTour(deps, album)
  await outboxTour(deps, album)
  return album.specimens
}

const person = {
  ru: { familyName: 'Ветрова', givenName: 'Ольга', patronymic: 'Игоревна' },
  en: { familyName: 'Whitmore', givenName: 'Jane', patronymic: '' },
} as const

async function registrationTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const phone = locale === 'ru' ? '+79161110001' : '+79161110002'
  const email = `tour-${locale}@example.org`
  const browser = world.browser({ locale })
  const keep = (state: string) => album.keep(world.view, state, browser)
  /** Shows a step, refuses a wrong answer to it, and goes on with the right one. */
  const step = async (wrong: Record<string, string>, right: () => Promise<Record<string, string>>) => {
    keep('empty')
    await browser.submit(wrong)
    keep('refused')
    await browser.submit(await right())
  }
  await browser.open('/registration')
  keep('empty')
  await browser.submit({})
  await step({ phone: '12' }, async () => ({ phone }))
  await step({ code: '' }, async () => {
    await browser.submit({}, '/again')
    keep('asked too soon')
    return { code: await world.code(phone) }
  })
  await step({ email: 'anna@' }, async () => ({ email }))
  await step({ code: '000' }, async () => ({ code: await world.code(email) }))
  await step({ familyName: '', givenName: '1', patronymic: '' }, async () => person[locale])
  await step({ birthDate: '31.02.1990' }, async () => ({ birthDate: '12.04.1990' }))
  await step({}, async () => ({ gender: 'female' }))
  await step({ password: 'пароль' }, async () => ({ password: 'семь мокрых велосипедов' }))
  await browser.open('/registration')
  keep('begun before')
  await browser.open('/registration/consent-text')
  keep('text')
  await browser.open('/registration/check')
  const consent = /name="consent" type="checkbox" value="([^"]*)"/.exec(browser.page.html)?.[1] ?? ''
  await step({}, async () => ({ consent }))
  keep('done')
}

async function clashTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  await browser.open('/registration')
  await browser.submit({})
  await browser.submit({ phone: citizen.phone })
  await browser.submit({ code: await world.code(citizen.phone) })
  album.keep(world.view, 'phone', browser)
  await browser.submit({}, '/detach')
  album.keep(world.view, 'number asked for', browser)
  await keepTour({ world, locale }, album, citizen)
}

/** The owner objects to giving the number up, by the link that was mailed. */
async function keepTour(
  { world, locale }: Pick<TourDeps, 'world' | 'locale'>,
  album: Album,
  citizen: Citizen,
): Promise<void> {
  const owner = world.browser({ locale })
  const link = await vi.waitFor(() => {
    const texts = world.sent.filter(({ recipient }) => recipient === citizen.email).map(({ text }) => text)
    const found = texts.map((text) => /http\S+\/contact\/keep\/[\w-]+/.exec(text)?.[0]).find(Boolean)
    if (found === undefined) throw new Error('no link to keep the number')
    return found
  }, 10_000)
  await owner.open(link)
  album.keep(world.view, 'asked', owner)
  await owner.submit({})
  album.keep(world.view, 'done', owner)
  await owner.open(link)
  album.keep(world.view, 'over', owner)
}

/** Wrong passwords as far as the page that asks for a proof of work. */
async function guessingTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const party = await world.relyingParty()
  const { phone } = await world.citizen()
  const browser = world.browser({ locale })
  await browser.open(party.authorizationUrl())
  for (let n = 0; n < 9; n++) {
    await browser.submit({ identifier: phone, password: 'wrong password' }, '/identify')
    if (n === 5) album.keep(world.view, 'slowed', browser)
    world.travel(61)
  }
  album.keep(world.view, 'proof asked for', browser)
}

async function signInTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const party = await world.relyingParty()
  const citizen = await world.citizen()
  const browser = world.browser({ locale })
  const keep = (state: string) => album.keep(world.view, state, browser)
  await browser.open(party.authorizationUrl({ acr_values: 'aal2' }))
  keep('empty')
  await browser.submit({ identifier: '', password: '' }, '/identify')
  keep('missing')
  await browser.submit({ identifier: citizen.phone, password: 'wrong password' }, '/identify')
  keep('wrong')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  keep('sent')
  await browser.submit({ code: '' }, '/factor/code')
  keep('missing')
  await browser.submit({}, '/resend')
  keep('asked too soon')
  await browser.submit({ code: await world.code(citizen.phone) }, '/factor/code')
  keep('asked')
  await browser.submit({}, '/consent')
  keep('undecided')
  await browser.submit({ decision: 'allow' }, '/consent')
  await browser.open(party.authorizationUrl({ prompt: 'login' }))
  keep('again')
  await anotherPerson({ world, locale }, album, party, browser)

  const unproven = world.browser({ locale })
  const demanding = await world.relyingParty({ minimum_identity_level: 'standard' })
  await enter(unproven, demanding, citizen)
  album.keep(world.view, 'identity', unproven)
  await unproven.submit({ way: 'prove' }, '/identity')
  album.keep(world.view, 'with a way back', unproven)

  const weaker = world.browser({ locale })
  await enter(weaker, party, citizen, { acr_values: 'aal3' })
  album.keep(world.view, 'unmet', weaker)
  await enter(weaker, party, citizen)
  await weaker.open(party.authorizationUrl({ acr_values: 'aal2' }))
  album.keep(world.view, 'step-up', weaker)
}

/** The provider then ends the first person's session by a form that passes itself on. */
async function anotherPerson(
  { world }: Pick<TourDeps, 'world' | 'locale'>,
  album: Album,
  party: ActingParty,
  browser: Browser,
): Promise<void> {
  const other = await world.citizen()
  await browser.submit({ identifier: other.phone, password: other.password }, '/identify')
  await browser.submit({ decision: 'allow' }, '/consent')
  album.keep(world.view, 'another person', browser)
  await browser.open(party.authorizationUrl({ prompt: 'none', response_mode: 'form_post' }))
  album.keep(world.view, 'to the relying party', browser)
}

async function signOutTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const party = await world.relyingParty()
  const { browser, tokens } = await signedIn(world, {
    browser: world.browser({ locale }),
    party,
    citizen: await world.citizen(),
  })
  await browser.open(`${world.origin}/oauth2/logout?${new URLSearchParams({ id_token_hint: tokens.id_token })}`)
  album.keep(world.view, 'from a relying party', browser)
  await browser.submit({})
  album.keep(world.view, 'of the relying party', browser)
  await browser.open(`${world.origin}/oauth2/logout`)
  album.keep(world.view, 'everywhere', browser)
  await browser.submit({ logout: 'yes' })
  album.keep(world.view, 'everywhere', browser)
}

async function errorTour({ world, locale }: TourDeps, album: Album): Promise<void> {
  const party = await world.relyingParty()
  const browser = world.browser({ locale })
  const addresses = {
    'not found': '/nowhere',
    'sign-in over': '/login/none',
    'wrong address': party.authorizationUrl({ redirect_uri: 'https://elsewhere.example/cb' }),
    'unknown client': party.authorizationUrl({ client_id: 'nobody' }),
    'no request': '/oauth2/authorize/none',
  }
  for (const [state, address] of Object.entries(addresses)) {
    await browser.open(address)
    album.keep(world.view, state, browser)
  }
}

async function demoTour({ world, demo, locale }: TourDeps, album: Album): Promise<void> {
  const citizen = await world.citizen()
  const party = new Browser({ origin: demo.partyOrigin, listens: demo.partyOrigin, locale })
  const provider = world.browser({ locale })
  const keep = (state: string) => album.keep(demo.view, state, party)
  /** There and back: the provider's part is done in a browser of its own, as cookies do not tell ports apart. */
  const through = async (answer: () => Promise<unknown>) => {
    await provider.open(party.page.url)
    await answer()
    await party.open(provider.page.url)
  }
  await party.open('/')
  keep('signed out')
  await party.submit({}, '/sign-in')
  await through(async () => {
    await provider.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await provider.submit({ decision: 'deny' }, '/consent')
  })
  keep('refused')
  await party.submit({ offline: 'yes' }, '/sign-in')
  await through(async () => {
    await provider.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    await provider.submit({ decision: 'allow' }, '/consent')
  })
  keep('signed in')
  await party.submit({}, '/refresh')
  keep('refreshed')
  await party.submit({}, '/application')
  keep('accepted')
  await party.open('/callback?state=foreign&error=whatever')
  keep('unknown state')
  await party.open('/')
  await party.submit({}, '/step-up')
  await through(async () => provider.submit({ code: await world.code(citizen.phone) }, '/factor/code'))
  keep('stepped up')
  await party.open('/signed-out')
  keep('came back from signing out')
}

async function outboxTour({ demo, locale }: TourDeps, album: Album): Promise<void> {
  const browser = new Browser({ origin: demo.outboxOrigin, listens: demo.outboxOrigin, locale })
  await browser.open('/?to=nobody@example.org')
  album.keep(demo.view, 'nothing', browser)
  await demo.channels.sms.send({ id: `1${locale}`, recipient: '+79161234567', text: 'Code 123456' })
  await demo.channels.mail.send({
    id: `2${locale}`,
    recipient: 'anna@example.org',
    subject: 'Code 123456',
    text: 'Your code is 123456.\n\nDo not tell it to anybody.',
  })
  const pdf = Buffer.from('%PDF-1.3')
  await demo.channels.post.send({ id: `3${locale}`, recipient: 'Ветрова Ольга, г. Казань', text: '', pdf })
  await browser.open('/')
  album.keep(demo.view, 'messages', browser)
}
