import * as client from 'openid-client'
import { beforeEach, describe, expect, test } from 'vitest'
import { cibaClient, messageOf } from '../oidc/ciba/acting-client.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { discover } from './openid-client.ts'

const world = worldOfFile()
let citizen: Citizen
beforeEach(async () => {
  citizen = await world.citizen()
})

const configured = async () => discover(world, await cibaClient(world))
const SCOPE = { scope: 'openid email' }

async function decide(decision: 'approve' | 'refuse'): Promise<void> {
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await browser.submit(decision === 'approve' ? { decision, code: await world.code(citizen.phone) } : { decision })
}

/** The library waits for one interval before it asks at all; in these tests the person has decided by then. */
const poll = (configuration: client.Configuration, request: client.BackchannelAuthenticationResponse) =>
  client.pollBackchannelAuthenticationGrant(configuration, { ...request, interval: 0.001 })

describe('openid-client over the back channel', () => {
  test('reads that nobody is named', async () => {
    const refusal = client.initiateBackchannelAuthentication(await configured(), SCOPE)
    await expect(refusal).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_request' })
  })

  test('reads that a request is none', async () => {
    const request = { auth_req_id: 'nothing', expires_in: 60 } as client.BackchannelAuthenticationResponse
    await expect(poll(await configured(), request)).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  test('reads that the person refused', async () => {
    const configuration = await configured()
    const named = { ...SCOPE, login_hint: citizen.phone }
    const request = await client.initiateBackchannelAuthentication(configuration, named)
    await decide('refuse')
    await expect(poll(configuration, request)).rejects.toMatchObject({ error: 'access_denied' })
  })

  test('signs a person in who approves by the code of a message', async () => {
    const configuration = await configured()
    const named = { ...SCOPE, login_hint: citizen.phone, binding_message: 'A 17' }
    const request = await client.initiateBackchannelAuthentication(configuration, named)
    await decide('approve')
    const tokens = await poll(configuration, request)
    expect(tokens.claims()).toMatchObject({ sub: String(citizen.oid) })
    const person = await client.fetchUserInfo(configuration, tokens.access_token, String(citizen.oid))
    expect(person.email).toBe(citizen.email)
  })
})
