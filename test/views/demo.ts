import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { allTexts } from '#src/all-texts.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeSandboxChannels, type SandboxChannels } from '#src/notifications/sandbox-channel.ts'
import { makeOutboxApp } from '#src/sandbox/outbox.ts'
import { makeRelyingParty } from '#src/sandbox/relying-party.ts'
import { demoClient } from '#src/sandbox/relying-party-registration.ts'
import type { World } from '../world.ts'

/** The sandbox's own pages beside a world: the demo relying party, and an outbox that a test fills itself. */
export interface Demo {
  readonly partyOrigin: string
  readonly outboxOrigin: string
  readonly channels: SandboxChannels
  /** The view that one of the two rendered last. */
  readonly view: string
  stop(): Promise<void>
}

export async function startDemo(world: World): Promise<Demo> {
  const log = pino({ level: 'silent' })
  const texts = allTexts(log)
  const party = await listening()
  const outbox = await listening()
  const client = demoClient([party.origin])
  const clientSecret = randomTicket()
  await world.house.clients.save({ ...client, client_secret: clientSecret })
  let view = ''
  const app = makeRelyingParty({
    issuer: world.origin,
    origins: [party.origin],
    clientId: client.client_id,
    clientSecret: new Secret(clientSecret),
    providerName: { ru: 'Пропуск', en: 'Propusk' },
    texts,
    log,
    onRender: (name) => {
      view = name
    },
  })
  const channels = makeSandboxChannels({ clock: systemClock })
  const { assets, views } = world.house
  party.server.on('request', app.callback())
  outbox.server.on(
    'request',
    makeOutboxApp({
      origin: outbox.origin,
      sandboxChannels: channels,
      log,
      texts,
      assets,
      views: {
        ...views,
        render: (name, ...rest) => {
          view = name
          return views.render(name, ...rest)
        },
      },
    }).callback(),
  )
  return {
    partyOrigin: party.origin,
    outboxOrigin: outbox.origin,
    channels,
    get view() {
      return view
    },
    async stop() {
      await Promise.all([party, outbox].map(({ server }) => close(server)))
    },
  }
}

async function listening(): Promise<{ server: Server; origin: string }> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  return { server, origin: `http://localhost:${(server.address() as AddressInfo).port}` }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}
