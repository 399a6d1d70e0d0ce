import {
  asks,
  client,
  consentItems,
  email,
  type Fixture,
  name,
  phone,
  place,
  purpose,
  service,
  summary,
} from './words.ts'

const request = {
  id: 'x'.repeat(43),
  client,
  bindingMessage: 'Ж'.repeat(40),
  items: [],
  stepUp: true,
}

/** See `momentInWords`. */
const moment = '22\u00a0сентября\u00a02026\u00a0г. в\u00a023:59\u00a0МСК'

const authenticator = { kind: 'totp', id: 'x'.repeat(16), name, detail: phone }
const listedAuthenticator = {
  kind: 'totp',
  id: '1',
  title: name,
  which: name,
  worth: purpose,
  addedAt: moment,
  usedAt: moment,
  renamable: true,
  removable: true,
  renewable: true,
  irreplaceable: true,
}

const incident = {
  moment: '25 ноября 2026 г. в 15:31',
  device: name,
  place: purpose.trim(),
  done: [purpose.trim(), name],
}
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

const session = {
  ref: 'x'.repeat(43),
  device: 'Samsung Internet, HarmonyOS',
  place,
  begun: moment,
  seen: moment,
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
  lastRelease: { at: '26 ноября 2026 г.', data: consentItems.map(({ label }) => label) },
}

/** The personal account and the pages of links in notices. */
export const accountFixtures: Readonly<Record<string, readonly Fixture[]>> = {
  'accounts/change': [
    {
      model: {
        ticket: 'x'.repeat(43),
        what: name,
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
    { state: 'waits', model: { ...authenticator, waits: '25 ноября 2026 г. в 15:31' } },
  ],
  'cabinet/authenticator-name': [
    { model: authenticator, typed: { name }, errors: [{ field: 'name', code: 'authenticator.name_too_long' }] },
  ],
  'cabinet/authenticator-remove': [
    { model: { ...authenticator, weak: true } },
    { state: 'waits', model: { ...authenticator, weak: true, waits: '25 ноября 2026 г. в 15:31' } },
  ],
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
          { id: '1', what: name, dueAt: '25 ноября 2026 г. в 15:31' },
          { id: '2', what: service, dueAt: '25 November 2026 at 15:31' },
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
  'cabinet/journal-not-me': [{ model: { ...incident, seq: '9'.repeat(18), takesBack: 'all', undoes: false } }],
  'cabinet/not-me': [
    { model: { ...incident, ticket: 'x'.repeat(43), takesBack: 'added', replaced: { byPassword: true } } },
    { state: 'sms', model: { ...incident, ticket: 'x'.repeat(43), takesBack: 'nothing' } },
  ],
  'cabinet/not-me-done': [
    { state: 'undone', model: { outcome: 'undone' } },
    { state: 'waits', model: { outcome: 'waits' } },
    { state: 'kept', model: { outcome: 'kept' } },
  ],
  'cabinet/not-me-gone': [{}],
  'cabinet/one-proof': [{ model: { contacts: ['phone', 'email'] } }],
  'cabinet/password': [
    {
      model: { setAt: '22 ноября 2026 г. в 23:59', minLength: 64, composed: true, mustChange: true },
      errors: [{ field: 'password', code: 'password.composition' }],
    },
    { state: 'old', model: { minLength: 12, old: true } },
  ],
  'cabinet/home': [
    {
      model: {
        level: { name, opens: purpose, next: true, unproven: true },
        person: summary,
        identifiers: summary.map((row) => ({ ...row, openHref: '/account?open=inn' })),
        documents: [
          {
            title: name,
            rows: summary,
            openHref: '/account',
            isOpen: true,
            changeHref: '/account/identity/document/passport_rf',
          },
        ],
        addresses: summary.map((row) => ({ ...row, openHref: '/account', isOpen: true })),
        contacts: summary,
        account: summary,
        hasPhone: true,
      },
    },
  ],
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
}
