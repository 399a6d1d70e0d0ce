import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { runCommand } from '#src/commands.ts'
import type { Config } from '#src/config/config.ts'
import { argon2Hasher } from '#src/factors/password/hash.ts'
import { serve } from '#src/http/server.ts'
import type { Texts } from '#src/http/texts.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import { Secret } from '#src/kernel/secret.ts'
import { CONSENT_VERSION } from '#src/registration/consent.ts'
import type { House } from '#src/wire.ts'
import { type TestCitizen, testCitizens } from './citizens.ts'
import { makeOutboxApp } from './outbox.ts'
import { makeRelyingParty } from './relying-party.ts'
import { demoClient } from './relying-party-registration.ts'
import { commandSocket, serveCommands } from './socket.ts'

type SandboxConfig = NonNullable<Config['sandbox']>

/** Everything around the provider that only the sandbox has: demo relying party, outbox pages, test citizens, command socket. */
export async function startSandbox(
  config: Config,
  sandbox: SandboxConfig,
  { house, log, texts }: { house: House; log: Logger; texts: Texts },
): Promise<{ close(): Promise<void> }> {
  const { host, issuer } = config
  const closeTimeoutMs = config.drainSeconds * 1000
  const { relyingPartyOrigins: origins, outboxOrigin } = sandbox
  const clientSecret = randomTicket()
  const client = demoClient(origins)
  await house.clients.save({ ...client, client_secret: clientSecret }, { replace: true })
  for (const citizen of testCitizens) await settle(house, citizen)

  const relyingParty = makeRelyingParty({
    issuer,
    origins,
    clientId: client.client_id,
    clientSecret: new Secret(clientSecret),
    providerName: { ru: config.brand.nameRu, en: config.brand.nameEn },
    texts,
    log,
  })
  if (!house.sandboxChannels) throw new Error('the sandbox has no outbox')
  const outbox = makeOutboxApp({
    origin: outboxOrigin,
    sandboxChannels: house.sandboxChannels,
    log,
    views: house.views,
    texts,
    assets: house.assets,
  })
  const commands = await serveCommands({
    path: commandSocket(sandbox),
    run: (argv) => runCommand(argv, { store: house.store, house: async () => house }),
  })
  const servers = [
    await serve(relyingParty, { host, port: sandbox.relyingPartyPort, closeTimeoutMs }),
    await serve(outbox, { host, port: sandbox.outboxPort, closeTimeoutMs }),
  ]
  process.stdout.write(greeting(issuer, origins[0]!, outboxOrigin))
  return {
    async close() {
      await Promise.all([...servers, commands].map((part) => part.close()))
    },
  }
}

/** Registers a test citizen who is not there yet. */
async function settle(house: House, { person, phone, email, password }: TestCitizen): Promise<void> {
  if ((await house.accounts.ownerOf('phone', phone)) !== undefined) return
  const phc = await argon2Hasher.hash(password)
  await house.store.tx(async (tx) => {
    const made = await house.accounts.create(tx, {
      person,
      phone,
      ...(email !== undefined && { email }),
      consentVersion: CONSENT_VERSION,
      dataKey: randomBytes(32),
    })
    if (made.ok) await house.passwords.enrol(tx, made.oid, phc)
  })
}

function greeting(issuer: string, relyingParty: string, outbox: string): string {
  const citizens = testCitizens.map(({ person, phone, email, password }) =>
    [`  ${person.familyName} ${person.givenName}`, phone, email ?? '—', password].join('   '),
  )
  return `
Propusk, sandbox. Nothing here is real; nothing leaves this machine.

  provider              ${issuer}
  demo relying party    ${relyingParty}      start here
  outbox (SMS, letters) ${outbox}

Test citizens (phone, e-mail, password):
${citizens.join('\n')}
Their documents, and people with whom something is wrong: docs/sandbox-citizens.md

`
}
