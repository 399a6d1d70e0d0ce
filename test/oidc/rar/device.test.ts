import { beforeAll, expect, test } from 'vitest'
import type { Browser } from '../../browser-http.ts'
import type { ActingParty } from '../../relying-party.ts'
import { PAYMENTS, payment, readJwt, registerResourceServer, send } from '../../resource-server.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { beginDevice, deviceClient, poll } from '../device/acting-device.ts'

/** Resource scopes and authorization details that a device asks for (RFC 8628, RFC 9396 section 4). */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  await registerResourceServer(world)
  party = await deviceClient(world, { resource_indicators: [PAYMENTS], authorization_details_types: ['payment'] })
  citizen = await world.citizen()
})

const asking = (details: readonly object[]) => ({
  scope: 'openid payments:read',
  resource: PAYMENTS,
  authorization_details: JSON.stringify(details),
})

async function confirm(browser: Browser, userCode: string): Promise<void> {
  await browser.open('/device')
  await browser.submit({ user_code: userCode }, '/device')
  await browser.submit({ confirm: 'yes' }, '/device')
}

test('a device that asks for more than it may gets no code', async () => {
  for (const [parameters, error] of [
    [{ resource: 'https://other.example/api' }, 'invalid_target'],
    [asking([{ ...payment, amount: 'all' }]), 'invalid_authorization_details'],
  ] as const) {
    const answer = await send(world, party, '/oauth2/device', { scope: 'openid', ...parameters })
    expect(answer).toMatchObject({ status: 400, body: { error } })
  }
})

test('the person reads and agrees on a page, each time anew, and the device gets what was agreed to', async () => {
  const browser = world.browser()
  for (const time of ['first', 'second']) {
    const begun = await beginDevice(world, party, asking([payment]))
    await confirm(browser, begun.user_code)
    if (time === 'first') await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
    expect(world.view).toBe('login/consent')
    for (const text of ['Видеть ваши выплаты', 'Школа № 5']) expect(browser.page.html).toContain(text)
    expect((await poll(party, begun)).body.error).toBe('authorization_pending')
    await browser.submit({ decision: 'allow' }, '/consent')
    world.travel(6)
    const { status, body } = await poll(party, begun)
    expect(status).toBe(200)
    expect(await readJwt(world, body.access_token)).toMatchObject({
      sub: String(citizen.oid),
      scope: 'payments:read',
      acr: 'aal1',
      auth_time: expect.any(Number),
      authorization_details: [payment],
    })
  }
})
