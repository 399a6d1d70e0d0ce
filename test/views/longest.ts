import type { Views } from '#src/http/views.ts'
import { type Locale, locales } from '#src/kernel/locale.ts'
import { accountFixtures } from './longest/account.ts'
import { identityFixtures } from './longest/identity.ts'
import { leavingFixtures } from './longest/leaving.ts'
import { signInFixtures } from './longest/sign-in.ts'
import { asks, base, email, type Fixture, name, phone, service, summary, token } from './longest/words.ts'
import type { Specimen } from './specimen.ts'

const claims = [
  { key: 'preferred_username_of_the_person', value: name },
  { key: 'at_hash', value: token },
  { key: 'address', value: JSON.stringify({ formatted: name }) },
]

/** Every view at its longest, and the states that no short flow leads to. A view without an entry fails the walk. */
export const fixtures: Readonly<Record<string, readonly Fixture[]>> = {
  ...accountFixtures,
  ...leavingFixtures,
  ...identityFixtures,
  ...signInFixtures,
  'http/error': [{ model: { title: 'Щ'.repeat(60), text: name, incident: 'WWWWWWWW', backHref: '/' } }],
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
          { channel: 'post', to: name, letterHref: '/letters/1.pdf', isoTime: '2026-03-01T09:00:00.000Z', time: name },
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
  state: 'pending',
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
