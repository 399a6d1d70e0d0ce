import { type AuthLevel, type IdentityLevel, isAuthLevel, isIdentityLevel, satisfies } from '#src/kernel/levels.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { Claims, ProviderFailure } from './relying-party-client.ts'
import type { DemoSession } from './relying-party-sessions.ts'

/** Claims that are Unix times. */
const TIMES = new Set(['iat', 'exp', 'auth_time', 'updated_at'])

const levelTexts: Readonly<Record<AuthLevel, string>> = {
  aal1: 'sandbox.level_aal1',
  aal2: 'sandbox.level_aal2',
  aal3: 'sandbox.level_aal3',
}

const identityTexts: Readonly<Record<IdentityLevel, string>> = {
  simplified: 'sandbox.identity_simplified',
  standard: 'sandbox.identity_standard',
  verified: 'sandbox.identity_verified',
}

/** What the page of a signed-in person shows. */
export function personModel(
  session: DemoSession,
  { idClaims, userinfo, refreshToken }: NonNullable<DemoSession['signedIn']>,
  locale: Locale,
  t: Translate,
) {
  const { acr, auth_time: at } = idClaims
  const level = isAuthLevel(acr) ? acr : undefined
  const identity = userinfo.identity_level
  return {
    greeting: [userinfo.given_name, userinfo.middle_name].filter((name) => typeof name === 'string').join(' '),
    notice: session.notice && t(session.notice),
    level: t(level ? levelTexts[level] : 'sandbox.level_none'),
    signedInAt: typeof at === 'number' ? moment(at, locale) : undefined,
    identityLevel: t(isIdentityLevel(identity) ? identityTexts[identity] : 'sandbox.identity_none'),
    canStepUp: !satisfies(level, 'aal2'),
    prefilled: prefilled(userinfo),
    idToken: claimRows(idClaims, locale),
    userinfo: claimRows(userinfo, locale),
    canRefresh: refreshToken !== undefined,
    refreshed: session.refreshed,
  }
}

/** The application form as userinfo fills it; what the person did not share stays empty. */
function prefilled(userinfo: Claims) {
  const text = (claim: string) => (typeof userinfo[claim] === 'string' ? userinfo[claim] : '')
  return {
    familyName: text('family_name'),
    givenName: text('given_name'),
    patronymic: text('middle_name'),
    birthDate: text('birthdate').split('-').reverse().join('.'),
    phone: text('phone_number'),
    email: text('email'),
  }
}

function claimRows(claims: Claims, locale: Locale) {
  return Object.entries(claims)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: claimText(key, value, locale) }))
}

function claimText(claim: string, value: unknown, locale: Locale): string {
  if (TIMES.has(claim) && typeof value === 'number') return `${value} (${moment(value, locale)})`
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const TIME_OPTIONS = { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Europe/Moscow' } as const
const timeFormats: Readonly<Record<Locale, Intl.DateTimeFormat>> = {
  ru: new Intl.DateTimeFormat('ru-RU', TIME_OPTIONS),
  en: new Intl.DateTimeFormat('en-GB', TIME_OPTIONS),
}

function moment(unixSeconds: number, locale: Locale): string {
  return timeFormats[locale].format(new Date(unixSeconds * 1000))
}

/** What the page of a failure shows, and its status. */
export function failureModel(failure: ProviderFailure | 'unknown_state', t: Translate) {
  if (failure === 'unknown_state')
    return { status: 400, model: { text: t('sandbox.failure_unknown_state'), details: [] } }
  const details = [
    { key: 'error', value: failure.error },
    { key: 'error_description', value: failure.description },
  ].filter(({ value }) => value !== undefined)
  return { status: failure.kind === 'refused' ? 400 : 502, model: { text: t(failureText(failure)), details } }
}

function failureText({ kind, error }: ProviderFailure): string {
  if (kind === 'unreachable') return 'sandbox.failure_unreachable'
  if (kind === 'invalid') return 'sandbox.failure_invalid'
  if (error === 'access_denied') return 'sandbox.failure_access_denied'
  if (error === 'invalid_grant') return 'sandbox.failure_invalid_grant'
  return 'sandbox.failure_refused'
}
