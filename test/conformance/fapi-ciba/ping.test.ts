import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { allTold, listenForPings, type Pinged, pinged } from '../../oidc/ciba/pinged.ts'
import type { Citizen, World } from '../../world.ts'
import { checkTokenError } from '../checks.ts'
import { type Authentication, CibaParty, checkRefusal, decide, startCertified } from './certifier.ts'

/** The same plan in the mode ping. What it asks for twice, in poll and in ping, stands in the other files. */

let listener: Pinged
let world: World
let citizen: Citizen
beforeAll(async () => {
  listener = await listenForPings()
  world = await startCertified({ OUTBOUND_ORIGINS: listener.origin })
})
beforeEach(async () => {
  citizen = await world.citizen()
})
afterEach(() => listener.clear())
afterAll(async () => {
  await world.stop()
  listener.stop()
})

const registered = (authentication: Authentication, token?: string) =>
  CibaParty.register(world, authentication, {
    ...pinged(`${listener.origin}/ciba-notification-endpoint`),
    ...(token !== undefined && { token }),
  })

describe.each<Authentication>(['private_key_jwt', 'self_signed_tls_client_auth'])('by %s', (authentication) => {
  let party: CibaParty
  beforeAll(async () => {
    party = await registered(authentication)
  })

  /** The request as it went, once the person has decided and the client was told as CIBA Core, section 10.2, has it. */
  async function told(decision: 'approve' | 'refuse', by = party) {
    const request = await by.ask(citizen)
    await decide(world, citizen, decision)
    await listener.reached(1)
    expect(listener.pings[0]).toEqual({
      path: '/ciba-notification-endpoint',
      authorization: `Bearer ${by.notificationToken}`,
      contentType: 'application/json',
      body: JSON.stringify({ auth_req_id: request.auth_req_id }),
    })
    return request
  }

  test('a client that polls before it is told hears that it has to wait, and is told once', async () => {
    const request = await party.ask(citizen)
    checkTokenError(await party.token(request), 'authorization_pending')
    expect(listener.pings).toEqual([])
    await decide(world, citizen, 'approve')
    await listener.reached(1)
    await party.tokens(await party.token(request))
    await allTold(world)
    expect(listener.pings).toHaveLength(1)
  })

  test('a token to be told by may have 1024 characters and no more, and has to be there', async () => {
    const long = await registered(authentication, 'a'.repeat(1024))
    const request = await told('approve', long)
    await long.tokens(await long.token(request))
    for (const client_notification_token of ['a'.repeat(1025), 'with space', undefined]) {
      const parameters = party.parameters(citizen, { client_notification_token })
      checkRefusal(await party.request({ request: await party.requestObject(parameters) }))
    }
  })

  test('a client is told of a refusal too', async () => {
    checkTokenError(await party.token(await told('refuse')), 'access_denied')
  })

  test.each([
    ['fapi-ciba-id1-ping-backchannel-notification-endpoint-response-has-body', 200],
    ['fapi-ciba-id1-ping-backchannel-notification-endpoint-response-401', 401],
    ['fapi-ciba-id1-ping-backchannel-notification-endpoint-response-403', 403],
    ['fapi-ciba-id1-ping-with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry', 401],
    ['fapi-ciba-id1-ping-backchannel-notification-endpoint-return-redirect-request', 301],
  ])('%s: a client that answers %i is told once, at its own address, and gets its tokens', async (_module, status) => {
    listener.answers.push(status)
    const request = await told('approve')
    await party.tokens(await party.token(request))
    await allTold(world)
    expect(listener.pings).toHaveLength(1)
  })
})
