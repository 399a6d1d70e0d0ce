import cluster from 'node:cluster'
import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { allTexts } from './all-texts.ts'
import type { Config } from './config/config.ts'
import { ConfigError, loadConfig } from './config/load.ts'
import { sandboxKeyEncryptionKeys } from './config/sandbox-keys.ts'
import { makeLog } from './http/log.ts'
import { serve } from './http/server.ts'
import { checkSchema, migrate } from './store/migrate.ts'
import { openStore } from './store/store.ts'
import { wire } from './wire.ts'
import { onDrain, superviseWorkers } from './workers.ts'

/** Loads the configuration, or says everything that is wrong with it and ends. */
function configured(): Config {
  try {
    return loadConfig(process.env)
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault
    process.stderr.write(`${fault.message}\n`)
    process.exit(1)
  }
}

async function start(config: Config, log: Logger): Promise<() => Promise<void>> {
  const { sandbox, database } = config
  if (sandbox) await (await import('./sandbox/alone.ts')).refuseSecond(sandbox)
  if (database.kind === 'pglite' && database.folder !== undefined) mkdirSync(database.folder, { recursive: true })
  const keyEncryptionKeys =
    sandbox && config.keyEncryptionKeys.length === 0 ? sandboxKeyEncryptionKeys() : config.keyEncryptionKeys
  const store = await openStore(database, (err) => log.error({ err }, 'database connection lost'))
  if (sandbox) await migrate(store)
  else await checkSchema(store)
  const texts = allTexts(log)
  const house = await wire({ ...config, keyEncryptionKeys }, { store, log, texts })
  const closeTimeoutMs = config.drainSeconds * 1000
  const server = await serve(house.app, { host: config.host, port: config.port, closeTimeoutMs })
  // Loaded only here, so that nothing of the sandbox is in a production process.
  const playground =
    sandbox && (await (await import('./sandbox/sandbox.ts')).startSandbox(config, sandbox, { house, log, texts }))
  log.info({ issuer: config.issuer, mode: config.mode }, 'ready')
  return async () => {
    await Promise.all([server.close(), playground?.close()])
    await house.stop()
    await store.close()
  }
}

const config = configured()
const log = makeLog({ level: config.logLevel })
try {
  const supervises = config.workers > 1 && cluster.isPrimary
  const stop = supervises ? superviseWorkers(config.workers, log) : await start(config, log)
  const drain = () =>
    void stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'stopped badly')
        process.exit(1)
      },
    )
  let stopping = false
  const drainOnce = () => {
    if (!stopping) drain()
    stopping = true
  }
  if (cluster.isWorker) onDrain(drainOnce)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      // A terminal signals the whole group; workers leave it to the process that watches over them.
      if (cluster.isWorker) return
      if (stopping) process.exit(1)
      log.info({ signal }, 'draining')
      drainOnce()
    })
} catch (err) {
  log.fatal({ err }, 'could not start')
  process.stderr.write(`Propusk could not start: ${(err as Error).message}\n`)
  process.exit(1)
}
