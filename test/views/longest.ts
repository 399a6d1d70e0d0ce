import type { FieldError } from '#src/http/context.ts'
import type { Views } from '#src/http/views.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import type { Specimen } from './specimen.ts'

/** What the rules let through at its longest, without a single place to break a line. */
const name = 'Щ'.repeat(100)
const email = `${'w'.repeat(64)}@${'w'.repeat(185)}.org`
const service = 'Ж'.repeat(120)
const purpose = `${'Ю'.repeat(120)} `.repeat(3)
const phone = '+7\u00a0916\u00a0123-45-67'
const token = 'x'.repeat(400)
/** A challenge that any first key answers. */
const solvable = JSON.stringify({
  parameters: { nonce: '00', salt: '00', cost: 1, keyLength: 32, keyPrefix: '' },
  signature: token,
})
const client = { name: service, purpose }
const base = '/login/uid'
const asks = (count: number) => ({ count, days: count, ttlMinutes: count, waitSeconds: count, resendSeconds: count })

interface Fixture {
  readonly state?: string
  readonly model?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
  readonly typed?: Readonly<Record<string, string>>
}

const request = {
  id: 'x'.repeat(43),
  client,
  bindingMessage: 'Ж'.repeat(40),
  items: [],
  stepUp: true,
}

const authenticator = { kind: 'totp', id: 'x'.repeat(16), name, detail: phone }
const listedAuthenticator = {
  kind: 'totp',
  id: '1',
  title: name,
  which: name,
  worth: purpose,
  addedAt: '25 ноября 2026 г. в 15:31 МСК',
  usedAt: '25 ноября 2026 г. в 15:31 МСК',
  renamable: true,
  removable: true,
  renewable: true,
  irreplaceable: true,
}

const incident = { moment: '25 ноября 2026 г. в 15:31', device: name, place: purpose, done: [purpose.trim(), name] }
const journalEntry = {
  seq: '9'.repeat(18),
  time: '15:31',
  title: purpose,
  details: [service, purpose],
  device: name,
  place: purpose,
  refused: true,
  reported: true,
  reportable: true,
}

const consentItems = [
  { label: 'Щ'.repeat(60), value: name },
  { label: 'W', value: `${name} ${name} ${name}` },
  { label: 'E', value: email },
  { label: 'P', value: undefined },
]
const summary = [
  { key: 'Щ'.repeat(40), value: `${name}-${name}`, changeHref: '/registration/name' },
  { key: 'E', value: email, changeHref: '/registration/email' },
  { key: 'P', value: phone, noBreak: true, changeHref: '/registration/phone' },
]
const claims = [
  { key: 'preferred_username_of_the_person', value: name },
  { key: 'at_hash', value: token },
  { key: 'address', value: JSON.stringify({ formatted: name }) },
]

const place = 'Южная Георгия и Южные Сандвичевы острова, 2001:0db8:85a3:0000:0000:8a2e:0370:7334'
const session = {
  ref: 'x'.repeat(43),
  device: 'Samsung Internet, HarmonyOS',
  place,
  begun: '22 сентября 2026 г. в 23:59',
  seen: '22 сентября 2026 г. в 23:59',
  current: false,
}
const device = {
  ref: 'x'.repeat(43),
  device: session.device,
  place,
  first: '22 сентября 2026 г.',
  last: session.seen,
  trusted: '22 октября 2026 г.',
  current: false,
}
const connected = {
  name: service,
  href: `/services/${'x'.repeat(43)}`,
  data: consentItems.map(({ label }) => label),
  resources: [{ name, titles: [name, purpose] }],
  offline: true,
  since: '25 ноября 2026 г.',
  until: '25 ноября 2027 г.',
  lastSignIn: '26 ноября 2026 г.',
}

/** Every view at its longest, and the states that no short flow leads to. A view without an entry fails the walk. */
export const fixtures: Readonly<Record<string, readonly Fixture[]>> = {
  'accounts/change': [
    {
      model: {
        ticket: 'x'.repeat(43),
        kind: 'authenticator.remove',
        requestedAt: '25 ноября 2026 г. в 12:00',
        dueAt: '28 ноября 2026 г. в 12:00',
      },
    },
  ],
  'accounts/change-gone': [{}],
  'accounts/change-stopped': [{}],
  'accounts/keep': [{ model: { ticket: 'x'.repeat(43) } }],
  'accounts/keep-gone': [{}],
  'accounts/kept': [{}],
  'cabinet/authenticator-lost': [
    { model: { ...authenticator, canRescue: true }, errors: [{ field: 'code', code: 'recovery_code.wrong' }] },
    { state: 'no codes', model: authenticator },
  ],
  'cabinet/authenticator-name': [
    { model: authenticator, typed: { name }, errors: [{ field: 'name', code: 'authenticator.name_too_long' }] },
  ],
  'cabinet/authenticator-remove': [{ model: authenticator }],
  'cabinet/codes': [
    {
      model: {
        items: [
          { channel: 'sms', detail: phone },
          { channel: 'voice', detail: phone },
          { channel: 'mail', detail: email },
        ],
        chosen: 'voice',
        done: true,
      },
      errors: [{ field: 'channel', code: 'cabinet.choice_missing' }],
    },
    { state: 'no contact', model: { items: [] } },
  ],
  'cabinet/contact': [
    {
      model: {
        base: '/account/contacts/phone',
        kind: 'phone',
        weak: true,
        current: phone,
        waiting: [],
        done: 'waits',
      },
      typed: { phone: '8'.repeat(60) },
      errors: [{ field: 'phone', code: 'contact.change_waits' }],
    },
    {
      state: 'e-mail',
      model: { base: '/account/contacts/email', kind: 'email', current: email, waiting: [], removable: true },
      typed: { email },
    },
    {
      state: 'waiting',
      model: {
        base: '/account/contacts/email',
        kind: 'email',
        waiting: [{ id: 'x', dueAt: '25 ноября 2026 г. в 12:00' }],
        stoppable: true,
      },
    },
  ],
  'cabinet/contact-clash': [
    { model: { base: '/account/contacts/email', kind: 'email', contact: email } },
    { state: 'phone', model: { base: '/account/contacts/phone', kind: 'phone', contact: phone } },
  ],
  'cabinet/contact-code': [
    {
      model: {
        base: '/account/contacts/email',
        kind: 'email',
        contact: email,
        weak: true,
        sentAgain: true,
        ...asks(59),
      },
      errors: [{ field: 'code', code: 'code.too_busy', values: { minutes: 60 } }],
    },
  ],
  'cabinet/security': [
    {
      model: {
        authenticators: [listedAuthenticator, { ...listedAuthenticator, id: '2', which: phone, addedAt: undefined }],
        addable: ['totp', 'recovery_code', 'webauthn'],
        changes: [
          { id: '1', kind: 'authenticator.remove', dueAt: '25 ноября 2026 г. в 15:31' },
          { id: '2', kind: 'contact.change', dueAt: '25 November 2026 at 15:31' },
        ],
        policy: 'optional',
        secondFactor: 'yes',
        seconds: ['code', 'totp', 'webauthn'],
        preferred: 'totp',
        done: 'asked',
      },
    },
    { state: 'required', model: { authenticators: [], addable: [], changes: [], policy: 'required', seconds: [] } },
  ],
  'factors/password/renew': [
    {
      model: { client, base, required: true, mayNow: true, exposed: true, minLength: 64, composed: true },
      errors: [{ field: 'password', code: 'password.composition' }],
    },
    { state: 'advised', model: { client, base } },
  ],
  'factors/recovery-codes/code': [
    {
      model: { client, base, kind: 'recovery_code', others: ['code', 'totp'], mayRestart: true },
      typed: { code: 'W'.repeat(80) },
      errors: [{ field: 'code', code: 'recovery_code.wrong' }],
    },
  ],
  'factors/recovery-codes/codes': [
    { model: { number: 2_147_483_647, codes: Array(10).fill('WWWW-WWWW-WWWW-WWWW'), back: '/security' } },
  ],
  'factors/recovery-codes/enrol': [
    { model: { base, challenge: token, left: 3 }, errors: [{ field: '', code: 'recovery_code.renewed' }] },
  ],
  'factors/totp/code': [
    {
      model: { client, base, kind: 'totp', others: ['code', 'recovery_code'], mayRestart: true },
      typed: { code: '1'.repeat(80) },
      errors: [{ field: 'code', code: 'totp.wrong' }],
    },
  ],
  'factors/totp/enrol': [
    {
      model: {
        base,
        picture: 'data:image/svg+xml,%3Csvg/%3E',
        uri: 'otpauth://totp/x',
        key: Array(8).fill('WWWW'),
        tokens: true,
      },
      typed: { code: '1'.repeat(80), name, serial: token },
      errors: [{ field: 'code', code: 'totp.enrolment_over' }],
    },
  ],
  'cabinet/journal': [
    {
      model: {
        days: [{ day: '25 ноября 2026 г.', entries: [journalEntry, { ...journalEntry, reportable: false }] }],
        earlier: '9'.repeat(18),
        group: 'sign_in',
        groups: ['sign_in', 'security', 'consent'].map((one) => ({ name: one, text: 'Щ'.repeat(30) })),
        plot: {
          width: 298,
          height: 48,
          bars: [{ x: 290, y: 0, width: 8, height: 48 }],
          total: 10_000,
          most: 10_000,
          from: '25 октября 2026 г.',
          to: '25 ноября 2026 г.',
          days: [{ day: '25 ноября 2026 г.', count: 10_000 }],
        },
        done: true,
      },
    },
  ],
  'cabinet/journal-not-me': [{ model: { ...incident, seq: '9'.repeat(18), undoes: false } }],
  'cabinet/not-me': [{ model: { ...incident, ticket: 'x'.repeat(43) } }],
  'cabinet/not-me-done': [{}],
  'cabinet/not-me-gone': [{}],
  'cabinet/password': [
    {
      model: { setAt: '22 ноября 2026 г. в 23:59', minLength: 64, composed: true, mustChange: true },
      errors: [{ field: 'password', code: 'password.composition' }],
    },
    { state: 'old', model: { minLength: 12, old: true } },
  ],
  'cabinet/home': [{ model: { person: summary, contacts: summary, account: summary, hasPhone: true } }],
  'cabinet/requests': [
    { model: { requests: [{ ...request, items: consentItems, offline: true }, request], days: 1095, done: 'refused' } },
    {
      state: 'gone',
      model: { requests: [{ ...request, client: { name: service }, bindingMessage: undefined }] },
      errors: [{ field: '', code: 'cabinet.request_gone' }],
    },
  ],
  'cabinet/sessions': [{ model: { sessions: [{ ...session, current: true }, session, session], done: 'others' } }],
  'cabinet/devices': [
    {
      model: {
        devices: [{ ...device, current: true }, device, { ...device, trusted: undefined }],
        done: 'all_forgotten',
      },
    },
    { state: 'none' },
  ],
  'cabinet/service': [{ model: connected }],
  'cabinet/services': [{ model: { services: [connected, connected], withdrawn: true, previous: '/', next: '/' } }, {}],
  'cabinet/settings': [
    {
      model: { locale: 'ru', idleMinutes: 10, everySignIn: true, choices: [5, 6, 7, 8, 9, 10], done: true },
      errors: [
        { field: 'locale', code: 'cabinet.locale_missing' },
        { field: 'idleMinutes', code: 'cabinet.idle_missing' },
      ],
    },
  ],
  'cabinet/sign-out': [{ errors: [{ field: '', code: 'cabinet.sign_out_missing' }] }],
  'cabinet/signed-out': [{ model: { everywhere: true } }],
  'factors/webauthn/enrol': [
    {
      model: { base: '/security/add/webauthn', options: '{}' },
      typed: { name: 'Щ'.repeat(60) },
      errors: [{ field: 'credential', code: 'webauthn.unverified' }],
    },
  ],
  'factors/webauthn/prove': [
    {
      model: {
        client,
        base,
        options: '{}',
        kind: 'webauthn',
        others: ['code', 'totp'],
        mayRestart: true,
        mayTrust: true,
      },
      errors: [{ field: 'credential', code: 'webauthn.copied' }],
    },
    { state: 'alone', model: { client, base, options: '{}', kind: 'webauthn', others: [] } },
  ],
  'http/error': [{ model: { title: 'Щ'.repeat(60), text: name, incident: 'WWWWWWWW', backHref: '/' } }],
  'login/password': [
    {
      model: { client, base, loginHint: email },
      typed: { identifier: email },
      errors: [
        { field: 'identifier', code: 'login.identifier_missing' },
        { field: 'password', code: 'login.password_missing' },
      ],
    },
    {
      state: 'locked',
      model: { client, base },
      errors: [{ field: '', code: 'login.locked', values: { minutes: 30 } }],
    },
    {
      state: 'proof',
      model: { client, base, challenge: { payload: solvable, seconds: 480 } },
      typed: { identifier: email },
      errors: [{ field: '', code: 'login.proof_needed' }],
    },
  ],
  'login/code': [
    {
      model: {
        client,
        base,
        channel: 'sms',
        contact: phone,
        otherChannels: ['voice', 'mail'],
        kind: 'code',
        others: ['totp', 'webauthn', 'recovery_code'],
        why: 'service',
        mayTrust: true,
        mayRestart: true,
        ...asks(2),
      },
      typed: { code: '1'.repeat(64) },
      errors: [{ field: 'code', code: 'code.wrong', values: { left: 1 } }],
    },
    {
      state: 'none left today',
      model: {
        client,
        base,
        channel: 'mail',
        contact: email,
        otherChannels: [],
        kind: 'code',
        others: [],
        refusal: { code: 'code.too_many' },
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
    },
  ],
  'login/consent': [
    { model: { client, base, items: consentItems, offline: true, ...asks(1095) } },
    { state: 'no purpose', model: { client: { name: service }, base, items: [], offline: false, ...asks(1) } },
    {
      state: 'for resource servers',
      model: {
        client,
        base,
        items: consentItems,
        resources: [{ name, titles: [name, purpose] }],
        details: [
          { title: name, rows: consentItems },
          { title: 'W', rows: [] },
        ],
        ...asks(180),
      },
    },
  ],
  'login/unmet': [
    { model: { client, base, enrol: ['totp', 'webauthn'] } },
    { state: 'nothing to add', model: { client, base, enrol: [] } },
  ],
  'oidc/approve': [
    {
      model: {
        client,
        bindingMessage: 'Ж'.repeat(40),
        level: 'aal1',
        data: ['sub', 'name', 'birthdate', 'gender', 'phone', 'email'].map((item) => `consent.item.${item}`),
        days: 1095,
        offline: true,
        base: '/approve/ticket',
        code: true,
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
      typed: { code: '1'.repeat(64) },
    },
    { state: 'no purpose', model: { client: { name: service }, level: 'aal3', data: [], base: '/approve/ticket' } },
    { state: 'no code in the message', model: { client, level: 'aal1', data: [], base: '/approve/ticket' } },
  ],
  'oidc/approve-done': [{ model: { approved: true } }],
  'oidc/approve-gone': [{}],
  'oidc/continue': [
    { model: { action: '/oauth2/logout', inputs: [{ name: 'state', value: token }], service } },
    { state: 'at home', model: { action: '/oauth2/logout', inputs: [] } },
  ],
  'oidc/device': [
    {
      model: { action: '/device', xsrf: token },
      errors: [{ field: 'user_code', code: 'device.too_fast', values: { seconds: 60 } }],
      typed: { user_code: 'W'.repeat(80) },
    },
  ],
  'oidc/device-confirm': [
    { model: { action: '/device', xsrf: token, service, device: 'W'.repeat(40), userCode: 'WWWW-WWWW' } },
    { state: 'unnamed', model: { action: '/device', xsrf: token, service, sameNetwork: true, userCode: 'WWWW-WWWW' } },
  ],
  'oidc/device-decided': [
    { model: { titleKey: 'device.failed_title', text: 'device.failed_text', advice: 'device.failed_advice' } },
  ],
  'oidc/error': [
    {
      model: { code: 'oidc.invalid_redirect_uri', explanation: { error: token, description: token, detail: token } },
    },
    { state: 'fault', model: { code: 'oidc.server_error' } },
    { state: 'too late', model: { code: 'oidc.session_not_found' } },
  ],
  'oidc/logout': [{ model: { action: '/oauth2/logout/confirm', xsrf: token, service } }],
  'oidc/signed-out': [{ model: { service } }],
  'recovery/start': [
    {
      model: { over: true, login: 'x'.repeat(43) },
      typed: { identifier: email },
      errors: [{ field: 'identifier', code: 'recovery.too_many', values: { minutes: 15 } }],
    },
    { state: 'over', model: { over: true } },
  ],
  'recovery/code': [
    {
      model: { contact: { kind: 'email', text: email }, sentAgain: true, waitSeconds: 59 },
      typed: { code: '1'.repeat(64) },
      errors: [{ field: 'code', code: 'code.wrong', values: { left: 1 } }],
    },
    { state: 'phone', model: { contact: { kind: 'phone', text: phone } } },
  ],
  'recovery/link': [{ model: { ticket: 'x'.repeat(43), contact: { kind: 'email', text: email } } }],
  'recovery/link-elsewhere': [{ model: { code: '123456' } }],
  'recovery/link-gone': [{}],
  'recovery/ways': [
    {
      model: {
        base: '/recovery/further',
        ways: [
          { kind: 'code', contact: { kind: 'email', text: email } },
          { kind: 'code', contact: { kind: 'phone', text: phone } },
          { kind: 'totp' },
        ],
      },
      errors: [{ field: '', code: 'recovery.way_missing' }],
    },
  ],
  'recovery/other-code': [
    {
      model: {
        base: '/recovery/further',
        kind: 'code',
        others: ['totp', 'recovery_list'],
        contact: email,
        sent: true,
        ...asks(59),
      },
      errors: [{ field: 'code', code: 'code.too_many' }],
    },
    {
      state: 'offered',
      model: { base: '/recovery/further', kind: 'code', others: [], contact: phone, contactKind: 'phone' },
    },
  ],
  'recovery/waiting': [
    { model: { askedAt: '25 сентября 2026 г. в 15:31', dueAt: '28 сентября 2026 г. в 15:31', more: true } },
    { state: 'own', model: { dueAt: '28 сентября 2026 г. в 15:31', own: true } },
    { state: 'over' },
  ],
  'recovery/password': [
    {
      model: { enough: true, minLength: 12, composed: true },
      errors: [{ field: 'password', code: 'password.too_short', values: { min: 12 } }],
    },
    { state: 'later', model: { minLength: 12 } },
  ],
  'recovery/done': [
    { model: { secondFactor: true, contacts: `${phone}, ${email}`, signInHref: '/account' } },
    { state: 'no second factor', model: { contacts: phone, signInHref: '/account' } },
  ],
  'registration/birth-date': [
    { typed: { birthDate: '9'.repeat(80) }, errors: [{ field: 'birthDate', code: 'fields.birth_date_format' }] },
  ],
  'registration/check': [{ model: { rows: summary, version: 1, consentVersion: '2026-11-22' } }],
  'registration/clash': [
    { model: { kind: 'email', contact: email, signInHref: base, skippable: true } },
    { state: 'phone in a sign-in', model: { kind: 'phone', contact: phone, signInHref: base } },
    { state: 'number asked for', model: { kind: 'phone', contact: phone, freeFrom: '25 ноября 2026 г. в 12:00' } },
  ],
  'registration/consent-text': [{ model: { version: '2026-11-22' } }],
  'registration/done': [{ model: { account: 2_147_483_647, identityLevel: 'simplified' } }],
  'registration/email': [{ model: { email, emailRequired: true }, typed: { email } }],
  'registration/email-code': [
    { model: { contact: email, ...asks(59) } },
    { state: 'again', model: { contact: email, sentAgain: true } },
  ],
  'registration/gender': [{ model: { gender: 'male' } }],
  'registration/name': [{ model: { familyName: name, givenName: name, patronymic: name } }],
  'registration/password': [
    { model: { passwordMinLength: 12 }, errors: [{ field: 'password', code: 'password.common' }] },
  ],
  'registration/phone': [{ model: { phone: '+'.padEnd(60, '8') } }],
  'registration/phone-code': [{ model: { contact: phone, sentAgain: true, ...asks(21) } }],
  'registration/start': [
    { state: 'expired', model: { emailRequired: true, passwordMinLength: 12, expired: true } },
    { model: { continueHref: '/registration/name' } },
  ],
  'sandbox/outbox': [
    {
      model: {
        messages: [
          {
            channel: 'mail',
            to: email,
            subject: name,
            lines: [token, name],
            isoTime: '2026-03-01T09:00:00.000Z',
            time: name,
          },
          { channel: 'sms', to: phone, lines: [token], isoTime: '2026-03-01T09:00:00.000Z', time: '1 марта 2026 г.' },
        ],
        hidden: 900,
        refreshHref: '/',
        filtered: true,
      },
      typed: { to: email },
    },
  ],
  'sandbox/relying-party': [{ model: { provider: service, signedOut: true } }],
  'sandbox/relying-party-accepted': [{}],
  'sandbox/relying-party-failure': [{ model: { text: name, details: claims, again: '/step-up', signedIn: true } }],
  'sandbox/relying-party-person': [
    {
      model: {
        provider: service,
        greeting: name,
        notice: name,
        level: name,
        signedInAt: '1 марта 2026 г., 12:00:00',
        canStepUp: true,
        prefilled: { familyName: name, givenName: name, patronymic: name, birthDate: '01.01.1900', phone, email },
        idToken: claims,
        userinfo: claims,
        canRefresh: true,
        refreshed: 1000,
      },
    },
  ],
}

/** What the frame of the cabinet shows on each of its pages. */
const cabinet = {
  number: 2_147_483_647,
  name: `${name} ${name}`,
  path: '/security/sessions',
  until: '15:42',
  seconds: 600,
  kept: true,
}

/** Renders the fixtures in both languages, as pages of an origin that serves their stylesheets. */
export function longest(views: Views, origin: string): Specimen[] {
  return locales.flatMap((locale: Locale) =>
    Object.entries(fixtures).flatMap(([view, list]) =>
      list.map(({ state = 'longest', model = {}, errors = [], typed = {} }) => {
        const path = `/specimen/${view}`
        const globals = { locale, requestId: 'WWWWWWWW', url: path, errors, typed, csrf: () => 'token' }
        const html = views.render(view, globals, { cabinet, ...model })
        return { view, locale, state, address: origin + path, html, policy: undefined }
      }),
    ),
  )
}
