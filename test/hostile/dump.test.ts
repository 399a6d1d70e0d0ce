import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseSeeds } from '#src/factors/totp/seeds.ts'
import { DeliveryFailed, type Outgoing } from '#src/notifications/channels.ts'
import { addApp, addRecoveryCodes, enterCabinet, shownKey } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { inCabinet } from '../cabinet/cabinet.ts'
import { enter as enterContactCode, linkTo, proposed } from '../cabinet/changing-contacts.ts'
import { enrol, factorOf } from '../factors/webauthn/enrolled.ts'
import { SoftKey } from '../factors/webauthn/soft-key.ts'
import { asked, cibaClient, messageOf } from '../oidc/ciba/acting-client.ts'
import { beginDevice, deviceClient } from '../oidc/device/acting-device.ts'
import { invited, newcomer } from '../oidc/registration/newcomer.ts'
import { begin, mailedLink, proven } from '../recovery/acting.ts'
import { enter, enterCode, signedIn } from '../signing-in.ts'
import { type Citizen, startWorld, type World } from '../world.ts'
import { dump, emptySealedColumns } from './dump.ts'
import { encodingsOf, shownIn } from './encodings.ts'
import { identities } from './identities.ts'
import { clash, detach, type Newcomer, register } from './registering.ts'

const DEVICE = 'MarkedDevice/77.13 (Rocinante)'
const STATE = 'marked-state-7713'
const NONCE = 'marked-nonce-7713'

/** Registers to the end. */
const registered: Newcomer = {
  phone: '+79267713001',
  email: 'marked.one@metka.example',
  familyName: 'Меткогорская',
  givenName: 'Приметослава',
  patronymic: 'Отметиславовна',
  birthDate: '17.03.1971',
  gender: 'female',
  password: 'клеймёный самовар Тобола',
}
/** Stays in the middle of registration, with all answers given. */
const undecided: Newcomer = {
  phone: '+79267713002',
  email: 'marked.two@metka.example',
  familyName: 'Тамгобаева',
  givenName: 'Клеймослава',
  patronymic: 'Тавровна',
  birthDate: '18.04.1972',
  gender: 'female',
  password: 'тавро над синим Иртышом',
}

let world: World
let haystack: Buffer
let gatewayIsDown = false
const secrets: Record<string, string> = {}

beforeAll(async () => {
  const channel = (kind: 'sms' | 'mail' | 'post') => ({
    async send(message: Outgoing) {
      world.received({ channel: kind, ...message })
      if (gatewayIsDown) throw new DeliveryFailed('down')
    },
  })
  world = await startWorld({
    env: { PASSWORD_PROFILE_OPERATOR: 'fstec' },
    replacements: { channels: { sms: channel('sms'), mail: channel('mail'), post: channel('post') } },
  })
  await fill()
  haystack = await dump(world.databaseUrl!)
})
afterAll(() => world.stop())

/** Leaves something of everything in the database: done, under way, and waiting to be sent. */
async function fill(): Promise<void> {
  keepPerson('registered', registered)
  keepPerson('undecided', undecided)
  Object.assign(secrets, { device: DEVICE, state: STATE, nonce: NONCE })
  const party = await world.relyingParty({ grant_types: ['authorization_code', 'refresh_token'] })
  secrets.clientSecret = party.registration.client_secret!

  const browser = world.browser({ userAgent: DEVICE })
  await register(world, browser, registered)
  secrets.registrationCode = await world.code(registered.phone)
  const citizen = { phone: registered.phone, password: registered.password } as Citizen
  const parameters = { state: STATE, nonce: NONCE, acr_values: 'aal2', login_hint: registered.phone }
  const before = world.sentTo(citizen.phone)
  await enter(browser, party, citizen, parameters)
  await enterCode(world, browser, citizen, before)
  await browser.submit({ decision: 'allow' }, '/consent')
  const { body: tokens } = await party.redeem(browser.callback.get('code')!)
  Object.assign(secrets, { accessToken: tokens.access_token, refreshToken: tokens.refresh_token })
  // A second code, which nobody redeems.
  await browser.open(party.authorizationUrl({ state: STATE, nonce: NONCE }))
  secrets.authorizationCode = browser.callback.get('code')!
  keepCookies('signedIn', browser, '/')

  gatewayIsDown = true
  // A sign-in under way, its code on the way.
  const second = await world.citizen({ email: 'marked.three@metka.example' })
  Object.assign(secrets, { waitingPhone: second.phone, waitingEmail: second.email })
  const other = world.browser({ userAgent: DEVICE })
  await enter(other, party, second, parameters)
  secrets.signInCode = await world.code(second.phone)
  const uid = /\/login\/([\w-]+)/.exec(other.page.url)![1]!
  secrets.interactionUid = uid
  keepCookies('underWay', other, `/login/${uid}`)
  keepCookies('resume', other, `/oauth2/authorize/${uid}`)
  // A registration that began in that sign-in, its codes on the way.
  await other.open(`/login/${uid}/registration`)
  await register(world, other, undecided, '/registration/check')
  secrets.draftPhoneCode = await world.code(undecided.phone)
  secrets.draftEmailCode = await world.code(undecided.email!)
  keepCookies('draft', other, '/registration')
  // A device and a call centre wait for an approval.
  Object.assign(secrets, await waitingApprovals(second))
  // Somebody asks for the phone of an account, whose owner may object by the link of the notice.
  const third = await world.citizen({ email: 'marked.four@metka.example' })
  const asking = world.browser({ userAgent: DEVICE })
  await clash(world, asking, third.phone)
  secrets.objection = (await detach(world, asking, third.email)).split('/').at(-1)!
  Object.assign(secrets, { askedPhone: third.phone, askedEmail: third.email })
  // A key that its owner has given a name.
  const key = new SoftKey(world.origin)
  secrets.keyName = 'Меченая отмычка'
  await enrol(await factorOf(world), third, key, secrets.keyName)
  secrets.credentialId = key.credentialId
  await keptForm(third)
  await forgottenPasswords()
  await newContacts()
  await secondFactors()
  await changedPasswords()
  Object.assign(secrets, await identities(world))
  // A client whose former secret is still good, one that has registered itself, and one that may.
  const renewed = await world.relyingParty()
  secrets.formerClientSecret = renewed.registration.client_secret!
  secrets.newClientSecret = (await world.house.registrar.renewSecret(renewed.registration.client_id, 3600)).secret
  secrets.initialAccessToken = await invited(world)
  const self = await newcomer(world)
  Object.assign(secrets, {
    ownClientSecret: self.client_secret,
    registrationAccessToken: self.registration_access_token,
  })
  // A sign-out whose relying party is not to be reached.
  const unreachable = await world.relyingParty({ backchannel_logout_uri: 'http://127.0.0.1:9/logout' })
  const leaving = await signedIn(world, { party: unreachable, citizen: await world.citizen() })
  secrets.sessionName = (await unreachable.claims(leaving.tokens.id_token)).sid!
  await leaving.browser.open('/oauth2/logout')
  await leaving.browser.submit({ logout: 'yes' })
  await world.house.sealer.seal()
}

/** A recovery whose code is on the way, and a new password that waits for its time. */
async function forgottenPasswords(): Promise<void> {
  const person = await world.citizen({ email: 'marked.five@metka.example' })
  const browser = world.browser({ userAgent: DEVICE })
  await begin(browser, person.email)
  secrets.recoveryCode = await world.code(person.email)
  secrets.recoveryTicket = (await mailedLink(world, person.email)).split('/').at(-1)!
  keepCookies('recovery', browser, '/recovery')
  const late = await world.citizen({ email: null })
  const other = world.browser({ userAgent: DEVICE })
  await proven(world, other, late.phone)
  secrets.waitingPassword = 'меченый бакен у Свияги'
  await other.submit({ password: secrets.waitingPassword }, '/recovery/password')
  expect(world.view).toBe('recovery/waiting')
}

/** A phone that took the place of another, and one whose code is on the way. */
async function newContacts(): Promise<void> {
  const person = await world.citizen({ email: 'marked.six@metka.example' })
  const [phone, next] = ['+79267713003', '+79267713004']
  const browser = await proposed(world, person, 'phone', phone)
  await enterContactCode(world, browser, phone)
  await browser.submit({ phone: next }, '/phone')
  Object.assign(secrets, { formerPhone: person.phone, newPhone: phone, nextPhone: next })
  secrets.contactCode = await world.code(next)
  secrets.notMe = (await linkTo(world, phone, 'not-me')).split('/').at(-1)!
}

/** Recovery codes, an app with a name, the key of a second app on the page, and a hardware token that nobody has taken. */
async function secondFactors(): Promise<void> {
  const person = await world.citizen()
  const browser = world.browser({ userAgent: DEVICE })
  const [code = ''] = await addRecoveryCodes(world, person, browser)
  Object.assign(secrets, { printedCode: code, typedCode: code.replaceAll('-', '') })
  secrets.appName = 'Меченый счётчик'
  secrets.appKey = await addApp(world, person, browser, secrets.appName)
  await enterCabinet(world, person, '/security/add/totp', browser)
  Object.assign(secrets, { shownAppKey: shownKey(browser), tokenSeed: 'MARKED77I23TOKENMARKED77I23TOKEN' })
  await world.house.hardwareTokens.import(parseSeeds(`77130001,${secrets.tokenSeed}`), 'cli')
}

/** A password that a realm remembers, and an account that is blocked for a reason. */
async function changedPasswords(): Promise<void> {
  const person = await world.citizen({ password: 'меченый частокол Вишеры' })
  Object.assign(secrets, { formerPassword: person.password, newPassword: 'Клеймёный 7713 ларец!' })
  await world.house.administration.moveTo('operator', person.oid, { actor: 'cli', reason: 'Меченое повышение' })
  const browser = world.browser({ userAgent: DEVICE })
  await browser.open('/security/password')
  await browser.submit({ identifier: person.phone, password: person.password }, '/identify')
  await browser.submit({ code: await world.code(person.phone) }, '/factor/code')
  await browser.submit({ password: secrets.newPassword! }, '/security/password')
  secrets.reason = 'Меченая жалоба соседа'
  expect(await world.house.administration.block(person.oid, { actor: 'cli', reason: secrets.reason })).toBe(true)
}

/** What would let somebody else approve, or fetch what is approved. */
async function waitingApprovals(citizen: Citizen): Promise<Record<string, string>> {
  const device = await beginDevice(world, await deviceClient(world), {}, DEVICE)
  const after = world.sentTo(citizen.phone)
  const hint = { login_hint: citizen.phone, binding_message: 'Marked 7713' }
  const request = await asked(world, await cibaClient(world), hint)
  const { link } = await messageOf(world, citizen, after)
  return {
    deviceCode: device.device_code,
    userCode: device.user_code,
    bareUserCode: device.user_code.replace('-', ''),
    authReqId: request.auth_req_id,
    bindingMessage: hint.binding_message,
    approvalTicket: link.split('/').at(-1)!,
    approvalCode: await world.code(citizen.phone, after),
  }
}

function keepPerson(whose: string, person: Newcomer): void {
  const { gender: _told, birthDate, ...rest } = person
  for (const [name, value] of Object.entries({ ...rest, isoDate: birthDate.split('.').reverse().join('-'), birthDate }))
    secrets[`${whose}.${name}`] = value
}

function keepCookies(whose: string, browser: Browser, path: string): void {
  for (const cookie of browser.cookies(path)) {
    const [name = '', value = ''] = cookie.split(';', 1)[0]!.split('=')
    // Which language and which kind of factor a browser had last is no secret.
    const open = /^(__Host-)?(locale|factor)(_\d+)?$/.test(name)
    if (!open && !name.endsWith('.sig')) secrets[`${whose}.cookie.${name}`] = value
  }
}

/** A form of the personal account that was sent when the session had ended. */
async function keptForm(citizen: Citizen): Promise<void> {
  secrets.keptText = 'Меченая настройка'
  const browser = await inCabinet(world, citizen, '/settings')
  await world.house.sessions.endAll(citizen.oid, { offline: 'kept', reason: 'test' })
  await browser.submit({ locale: secrets.keptText }, '/settings')
  const ticket = browser.cookies().find((cookie) => /^form(_\d+)?=/.test(cookie))
  secrets.keptTicket = /=([^;]+)/.exec(ticket ?? '')![1]!
}

test('every sealed column holds something', async () => {
  expect(await emptySealedColumns(world.databaseUrl!)).toEqual([])
  expect(Object.keys(secrets).filter((name) => name.includes('cookie')).length).toBeGreaterThan(5)
})

test('a dump shows nothing about a person, no usable code and no bearer token', () => {
  expect(haystack.length).toBeGreaterThan(10_000)
  expect(shownIn(haystack, secrets)).toEqual([])
})

describe('the search', () => {
  test('finds a key that is shown in Base32 as its bytes', () => {
    const hidden = Buffer.concat([haystack.subarray(0, 1000), Buffer.from('a key of an app itself')])
    expect(shownIn(hidden, { key: 'MEQGWZLZEBXWMIDBNYQGC4DQEBUXI43FNRTA' })).toEqual(['key (Base32 decoded)'])
  })

  test.each([...encodingsOf('Меткогорская')])('finds a marker as %s', (form, bytes) => {
    const hidden = Buffer.concat([haystack.subarray(0, 1000), bytes, haystack.subarray(1000)])
    expect(shownIn(hidden, { marker: 'Меткогорская' })).toContain(`marker (${form})`)
  })

  test.each([0, 1, 2])('finds a marker inside base64 that began %d bytes before it', (before) => {
    const whole = Buffer.from(`${'x'.repeat(before)}Меткогорская and more`).toString('base64')
    expect(shownIn(Buffer.from(whole), { marker: 'Меткогорская' })).toContain(`marker (base64 +${before})`)
  })
})
