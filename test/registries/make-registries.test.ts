import { afterEach, expect, test } from 'vitest'
import { loadConfig } from '#src/config/load.ts'
import { makeRegistries } from '#src/registries/make-registries.ts'
import { askAbout, citizen, keptLog, outcome } from './rig.ts'

const maria = citizen('maria')
const production = {
  ISSUER: 'https://id.example.org',
  DATABASE_URL: 'postgres://propusk:hunter2hunter2@db.internal/propusk',
  KEY_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  SMS_GATEWAY_URL: 'https://sms.example.org/messages',
  SMS_GATEWAY_TOKEN: 'gateway-token-0001',
  SMTP_URL: 'smtps://propusk:mail-password@mail.example.org',
  MAIL_FROM: 'Propusk <no-reply@example.org>',
}
const registries = { REGISTRIES_URL: 'https://registries.example.org/v1', REGISTRIES_TOKEN: 'registries-token' }

let asked: string[] = []
afterEach(() => {
  asked = []
})

function made(environment: Record<string, string>) {
  const { log, lines } = keptLog()
  const fetch = async (input: string | URL | Request) => {
    asked.push(String(input))
    return new Response('', { status: 503 })
  }
  return {
    registries: makeRegistries(loadConfig(environment), { fetch, clock: { now: () => new Date() }, log }),
    lines,
  }
}

test('production without registries warns once, asks nobody, and confirms nobody', async () => {
  const { registries, lines } = made(production)
  expect(await outcome(askAbout(registries, 'snils', maria))).toMatchObject({ trouble: 'not_configured' })
  expect(await outcome(askAbout(registries, 'document', maria))).toMatchObject({ trouble: 'not_configured' })
  expect(lines()).toEqual([expect.stringMatching(/"level":40.*REGISTRIES_URL is not set/)])
  expect(asked).toEqual([])
})

test('production asks the address that it was given', async () => {
  const { registries: real } = made({ ...production, ...registries })
  expect(await outcome(askAbout(real, 'snils', maria))).toMatchObject({ trouble: 'busy' })
  expect(asked).toEqual(['https://registries.example.org/v1/snils'])
})

test('the sandbox never asks real registries, even where they are configured', async () => {
  const { registries: made_up } = made({ MODE: 'sandbox', ...registries })
  expect(await outcome(askAbout(made_up, 'snils', maria))).toEqual({ verdict: 'matches', state: 'active' })
  expect(asked).toEqual([])
})

test.each([
  [{ REGISTRIES_URL: registries.REGISTRIES_URL }, /^REGISTRIES_TOKEN: is missing/],
  [{ REGISTRIES_TOKEN: registries.REGISTRIES_TOKEN }, /^REGISTRIES_URL: is missing/],
  [{ ...registries, REGISTRIES_URL: 'http://registries.example.org' }, /^REGISTRIES_URL: is http/],
  [{ ...registries, REGISTRIES_URL: 'https://registries.example.org/?a=b' }, /^REGISTRIES_URL: .* without query/],
  [{ ...registries, REGISTRIES_URL: 'https://a:b@registries.example.org' }, /^REGISTRIES_URL: .* without user/],
  [{ REGISTRIES_TIMEOUT_SECONDS: '0' }, /^REGISTRIES_TIMEOUT_SECONDS: .* from 1 to 45/],
  [{ REGISTRIES_TIMEOUT_SECONDS: '60' }, /^REGISTRIES_TIMEOUT_SECONDS: .* from 1 to 45/],
])('configuration %j is refused', (environment, message) => {
  expect(() => loadConfig({ ...production, ...environment })).toThrow(message)
})

test('plain http is taken where the origin is listed', () => {
  const local = { REGISTRIES_URL: 'http://10.1.2.3:8080/v1', OUTBOUND_ORIGINS: 'http://10.1.2.3:8080' }
  const { registries: config } = loadConfig({ ...production, ...registries, ...local })
  expect(config).toMatchObject({ url: local.REGISTRIES_URL, timeoutSeconds: 10 })
})
