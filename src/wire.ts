import type { Logger } from 'pino'
import type { Accounts } from '#src/accounts/accounts.ts'
import type { AccountAdministration } from '#src/accounts/administration.ts'
import type { ContactChanges } from '#src/accounts/contact-changes.ts'
import type { DelayedChanges } from '#src/accounts/delayed-changes.ts'
import type { Detachments } from '#src/accounts/detachments.ts'
import type { LevelNotices } from '#src/accounts/identity/level-notices.ts'
import type { IdentityRecords } from '#src/accounts/identity/records.ts'
import type { ClosingAccounts } from '#src/accounts/leaving/closing.ts'
import type { Erasure } from '#src/accounts/leaving/erasure.ts'
import type { OwnerNotices } from '#src/accounts/owner-notices.ts'
import type { Sessions } from '#src/accounts/sessions.ts'
import type { Incidents } from '#src/cabinet/incidents.ts'
import type { Config } from '#src/config/config.ts'
import type { Consents } from '#src/consents/consents.ts'
import type { PasswordHasher } from '#src/factors/password/hash.ts'
import type { Passwords } from '#src/factors/password/passwords.ts'
import type { HardwareTokens } from '#src/factors/totp/hardware-tokens.ts'
import type { Assets } from '#src/http/assets.ts'
import type { Texts } from '#src/http/texts.ts'
import type { Views } from '#src/http/views.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { SealingKeys } from '#src/journal/sealer/keys.ts'
import type { Sealer } from '#src/journal/sealer/sealer.ts'
import type { Authenticators } from '#src/login/authenticators.ts'
import type { Devices } from '#src/login/devices.ts'
import type { Outbox } from '#src/notifications/outbox.ts'
import { stopQueue } from '#src/notifications/queue.ts'
import type { SandboxChannels } from '#src/notifications/sandbox-channel.ts'
import type { Clients } from '#src/oidc/clients/clients.ts'
import type { Registrar } from '#src/oidc/clients/registrar.ts'
import type { SigningKeys } from '#src/oidc/keys/signing-keys.ts'
import type { EndSession } from '#src/oidc/logout/ending.ts'
import type { Providers } from '#src/oidc/providers.ts'
import type { Invitations } from '#src/oidc/registration/invitations.ts'
import type { ResourceServers } from '#src/oidc/resources/store.ts'
import type { QuotedProofs } from '#src/oidc/verified-claims/quoted.ts'
import type { Drafts, Letters, Requests } from '#src/proofing/proofing.ts'
import type { Registries } from '#src/registries/registries.ts'
import type { Keyring } from '#src/store/keyring.ts'
import type { Rewrapping } from '#src/store/rewrapping.ts'
import type { Store } from '#src/store/store.ts'
import { makeDoors } from './house/doors.ts'
import { makeGround, type Replacements } from './house/ground.ts'
import { makeLeaving } from './house/leaving.ts'
import { makePeople } from './house/people.ts'
import { makeProofing } from './house/proofing.ts'
import { makeProviderParts } from './house/provider.ts'
import { makeSignIn } from './house/sign-in.ts'
import { startUpkeep } from './upkeep.ts'

export type { Replacements }

/** The provider, ready to serve, and the parts that the command line and the sandbox work with. */
export interface House {
  readonly config: Config
  readonly keyring: Keyring
  readonly hasher: PasswordHasher
  readonly app: ReturnType<typeof makeDoors>
  readonly providers: Providers
  readonly accounts: Accounts
  readonly administration: AccountAdministration
  readonly ownerNotices: OwnerNotices
  readonly identityRecords: IdentityRecords
  readonly closing: ClosingAccounts
  readonly erasure: Erasure
  readonly detachments: Detachments
  readonly delayedChanges: DelayedChanges
  readonly contactChanges: ContactChanges
  readonly authenticators: Authenticators
  readonly incidents: Incidents
  readonly hardwareTokens: HardwareTokens
  readonly passwords: Passwords
  readonly registries: Registries
  readonly requests: Requests
  readonly drafts: Drafts
  readonly letters: Letters
  readonly consents: Consents
  readonly clients: Clients
  readonly registrar: Registrar
  readonly invitations: Invitations
  readonly resourceServers: ResourceServers
  readonly quotedProofs: QuotedProofs
  readonly levelNotices: LevelNotices
  readonly signingKeys: SigningKeys
  readonly rewrapping: Rewrapping
  /** Ends a session from elsewhere than its own browser. */
  readonly endSession: EndSession
  readonly sessions: Sessions
  readonly devices: Devices
  readonly journal: Journal
  readonly sealer: Sealer
  readonly sealingKeys: SealingKeys
  readonly outbox: Outbox
  readonly store: Store
  readonly views: Views
  readonly assets: Assets
  /** In the sandbox: what would have gone out. */
  readonly sandboxChannels: SandboxChannels | undefined
  /** Stops sending messages and upkeep; what is left is done by other processes or the next start. */
  stop(): Promise<void>
}

/**
 * Builds the house from its configuration, on an open and migrated store: part by part, each on those before it (docs/adr/0026-wiring.md).
 * @param deps `texts`: all folders' texts joined; `background: false`: sends no messages and does no upkeep, for a single command
 */
export async function wire(
  config: Config,
  deps: { store: Store; log: Logger; texts: Texts; background?: boolean },
  replacements: Replacements = {},
): Promise<House> {
  const { background = true } = deps
  const ground = await makeGround(config, deps, replacements)
  const people = await makePeople(ground, {
    resetPassword: (...change) => signIn.recovery.resetPassword(...change),
    restore: (...change) => signIn.incidents.restore(...change),
    close: (...change) => leaving.closing.apply(...change),
    passwordChanging: () => signIn.passwordChanging,
    awaitedLevels: () => provider.awaitedLevels,
  })
  const proofing = makeProofing(ground, people)
  const provider = await makeProviderParts(ground, people)
  const leaving = makeLeaving(ground, people, provider)
  const signIn = makeSignIn(ground, people, provider, leaving, proofing)
  const app = makeDoors(ground, people, proofing, provider, signIn, leaving)

  const { log, clock, store, boss } = ground
  const { ciba, logoutSender, signingKeys, providers } = provider
  const { arrivalNotices, passwordChanging, incidents } = signIn
  const workers = [ground.worker, ground.sealer, logoutSender, ciba.worker, proofing.requestWorker]
  if (background && config.leakedPasswordsFolder === undefined && config.mode === 'production')
    log.warn('LEAKED_PASSWORDS_FOLDER is not set: new passwords are not looked up in a list of leaked ones')
  if (background) await Promise.all(workers.map((worker) => worker.start()))
  if (background) arrivalNotices.start()
  const upkeep =
    background &&
    (await startUpkeep({
      store,
      detachments: people.detachments,
      delayedChanges: people.delayedChanges,
      levelEnds: people.levelEnds,
      levelNotices: people.levelNotices,
      ...leaving,
      passwordChanging,
      incidents,
      signingKeys,
      providers,
      clock,
      log,
      retentionDays: config.journalDays,
    }))
  return {
    ...ground,
    ...people,
    ...proofing,
    ...provider,
    ...leaving,
    ...signIn,
    app,
    async stop() {
      if (upkeep) upkeep.stop()
      await arrivalNotices.stop()
      if (background) await Promise.all(workers.map((worker) => worker.stop()))
      await stopQueue(boss, config.drainSeconds * 1000)
    },
  }
}
