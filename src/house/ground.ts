import type { Logger } from 'pino'
import type { Config } from '#src/config/config.ts'
import { argon2Hasher, type PasswordHasher } from '#src/factors/password/hash.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import type { Texts } from '#src/http/texts.ts'
import { makeViews, type ViewsDeps } from '#src/http/views.ts'
import { makeJournal } from '#src/journal/journal.ts'
import { makeSealingKeys } from '#src/journal/sealer/keys.ts'
import { makeSealer } from '#src/journal/sealer/sealer.ts'
import { type Clock, systemClock } from '#src/kernel/clock.ts'
import { makeCountryOf } from '#src/kernel/country.ts'
import { makeOutboundFetch } from '#src/kernel/outbound.ts'
import type { Channels } from '#src/notifications/channels.ts'
import { makeGatewayHttp, makeLetterGatewayHttp } from '#src/notifications/gateway-http.ts'
import { makeMailSmtp } from '#src/notifications/mail-smtp.ts'
import { makeOutbox, wakeAfterCommit } from '#src/notifications/outbox.ts'
import { makeQueue, startQueue } from '#src/notifications/queue.ts'
import { makeSandboxChannels } from '#src/notifications/sandbox-channel.ts'
import { makeMessageStore } from '#src/notifications/store.ts'
import { makeWorker } from '#src/notifications/worker.ts'
import { cibaQueues } from '#src/oidc/ciba/worker.ts'
import { logoutQueues } from '#src/oidc/logout/sender.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { makeRewrapping } from '#src/store/rewrapping.ts'
import type { Store } from '#src/store/store.ts'
import { makeThrottle } from '#src/throttle/throttle.ts'

/** What a test or benchmark may replace; everything else is as in production. */
export interface Replacements {
  readonly clock?: Clock
  readonly hasher?: PasswordHasher
  readonly channels?: Channels
  readonly onRender?: ViewsDeps['onRender']
}

export type Ground = Awaited<ReturnType<typeof makeGround>>

/** What everything stands on: the store, keys, journal, limits, messages on their way out, and what pages are made with. */
export async function makeGround(
  config: Config,
  deps: { readonly store: Store; readonly log: Logger; readonly texts: Texts },
  replacements: Replacements,
) {
  const { log, texts } = deps
  const clock = replacements.clock ?? systemClock
  const hasher = replacements.hasher ?? argon2Hasher
  const issuer = new URL(config.issuer)
  const secure = issuer.protocol === 'https:'
  const gateways = [config.sms, config.voice, config.letters.gateway, config.registries].filter(
    (gateway) => gateway !== undefined,
  )
  const fetch = makeOutboundFetch([...config.outboundOrigins, ...gateways.map(({ url }) => new URL(url).origin)])

  const keyring = await openKeyring(deps.store.db, config.keyEncryptionKeys)
  const dataKeys = makeDataKeys(deps.store.db, keyring)
  const rewrapping = makeRewrapping({ store: deps.store, keyring })
  const messages = makeMessageStore({ keyring, dataKeys })
  const boss = makeQueue({ store: deps.store, log })
  await startQueue(boss, [...logoutQueues, ...cibaQueues])
  const outbox = makeOutbox({ boss, messages, translate: texts.translator, clock })
  const sandboxChannels =
    config.mode === 'sandbox' && !replacements.channels ? makeSandboxChannels({ clock }) : undefined
  const channels = replacements.channels ?? sandboxChannels ?? realChannels(config, fetch)
  const worker = makeWorker({ boss, store: deps.store, messages, channels, clock, log })
  const store = wakeAfterCommit(deps.store, outbox, () => worker.wake())

  const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays: config.journalDays })
  const sealingKeys = makeSealingKeys({ store, keyring, journal, clock })
  const sealer = makeSealer({ store, keys: sealingKeys, clock, log })
  const throttle = makeThrottle({ store, clock })
  const countryOf = makeCountryOf(config.countryTableFile)
  const brand = brandOf(config.brand)
  const assets = makeAssets(brand)
  const views = makeViews({ texts, brand, assets, ...(replacements.onRender && { onRender: replacements.onRender }) })
  return {
    config,
    log,
    texts,
    clock,
    hasher,
    issuer,
    secure,
    fetch,
    keyring,
    dataKeys,
    rewrapping,
    boss,
    outbox,
    worker,
    channels,
    sandboxChannels,
    store,
    journal,
    sealingKeys,
    sealer,
    throttle,
    countryOf,
    brand,
    assets,
    views,
  }
}

function realChannels(config: Config, fetch: typeof globalThis.fetch): Channels {
  const { gateway: printing } = config.letters
  if (!config.sms || !config.mail) throw new Error('SMS gateway and mail are configured outside the sandbox')
  return {
    sms: makeGatewayHttp(config.sms, { fetch, name: 'SMS gateway' }),
    mail: makeMailSmtp(config.mail),
    ...(config.voice && { voice: makeGatewayHttp(config.voice, { fetch, name: 'voice gateway' }) }),
    ...(printing && { post: makeLetterGatewayHttp(printing, { fetch, name: 'print service' }) }),
  }
}
