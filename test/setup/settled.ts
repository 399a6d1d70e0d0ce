import { loadConfig } from '#src/config/load.ts'
import { makeJournal } from '#src/journal/journal.ts'
import { ensurePartitions } from '#src/journal/partitions.ts'
import { systemClock } from '#src/kernel/clock.ts'
import { Secret } from '#src/kernel/secret.ts'
import { makeSigningKeys } from '#src/oidc/keys/signing-keys.ts'
import { makeDataKeys, openKeyring } from '#src/store/keyring.ts'
import { openStore } from '#src/store/store.ts'

/** The template of worlds. */
export const SETTLED = 'template_settled'

/**
 * Makes what every house makes at its first start and no two tests need different: RSA keys take a good part of a second. Of the keyring
 * only the key stays that seals them.
 */
export async function settle(databaseUrl: string, keks: string): Promise<void> {
  const config = loadConfig({ MODE: 'sandbox', KEY_ENCRYPTION_KEYS: keks })
  const clock = systemClock
  const { journalDays: retentionDays, signingKeyDays: rotationDays } = config
  const url = new Secret(databaseUrl)
  const store = await openStore({ kind: 'postgres', url, poolSize: 1, connectTimeoutMs: 10_000 }, () => {})
  try {
    const keyring = await openKeyring(store.db, config.keyEncryptionKeys)
    const dataKeys = makeDataKeys(store.db, keyring)
    const journal = makeJournal({ store, keyring, dataKeys, clock, retentionDays })
    await makeSigningKeys({ store, keyring, journal, clock, rotationDays }).advance()
    await ensurePartitions(store.db, clock.now(), { retentionDays, months: 3 })
    await store.db.deleteFrom('keyring').where('name', '<>', 'signing').execute()
  } finally {
    await store.close()
  }
}
