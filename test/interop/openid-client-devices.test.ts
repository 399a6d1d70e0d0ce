import * as client from 'openid-client'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { deviceClient } from '../oidc/device/acting-device.ts'
import type { ActingParty } from '../relying-party.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { discover } from './openid-client.ts'
import { Traveller } from './traveller.ts'

const world = worldOfFile()
let citizen: Citizen
let party: ActingParty
let configuration: client.Configuration
let begun: client.DeviceAuthorizationResponse
beforeAll(async () => {
  ;[citizen, party] = await Promise.all([world.citizen(), deviceClient(world)])
  configuration = await discover(world, party, { auth: client.None() })
})
beforeEach(async () => {
  begun = await client.initiateDeviceAuthorization(configuration, { scope: 'openid email' })
})

/** The library waits for one interval before it asks at all; in these tests the person has decided by then. */
const poll = (response = begun) => client.pollDeviceAuthorizationGrant(configuration, { ...response, interval: 0.001 })

async function decide(confirm: 'yes' | 'no'): Promise<Traveller> {
  const telephone = new Traveller(world)
  await telephone.open(begun.verification_uri_complete!)
  await telephone.submit(confirm === 'yes' ? { confirm } : { abort: 'yes' }, '/device')
  return telephone
}

describe('openid-client on a device', () => {
  test('reads that the code is none', async () => {
    const refusal = poll({ ...begun, device_code: 'nothing' })
    await expect(refusal).rejects.toMatchObject({ name: 'ResponseBodyError', error: 'invalid_grant' })
  })

  test('reads that the person refused', async () => {
    await decide('no')
    await expect(poll()).rejects.toMatchObject({ error: 'access_denied' })
  })

  test('reads that it is not registered for that', async () => {
    const other = await discover(world, await world.relyingParty())
    const refusal = client.initiateDeviceAuthorization(other, { scope: 'openid' })
    await expect(refusal).rejects.toMatchObject({ name: 'ResponseBodyError', status: 400 })
  })

  test('signs a person in who confirms on another device', async () => {
    const telephone = await decide('yes')
    await telephone.signIn(citizen)
    const tokens = await poll()
    expect(tokens.claims()).toMatchObject({ sub: String(citizen.oid), acr: 'aal1' })
    const person = await client.fetchUserInfo(configuration, tokens.access_token, String(citizen.oid))
    expect(person.email).toBe(citizen.email)
  })
})
