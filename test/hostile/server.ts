import { pino } from 'pino'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { serve } from '#src/http/server.ts'
import type { Outgoing } from '#src/notifications/channels.ts'
import { openStore } from '#src/store/store.ts'
import { wire } from '#src/wire.ts'

// A second process of the house, configured by its environment. It tells its parent where it listens and what it sent.

const tell = (message: unknown) => void process.send?.(message)
const log = pino({ level: 'silent' })
const config = loadConfig(process.env)
const store = await openStore(config.database, () => {})
const channel = (kind: 'sms' | 'mail') => ({
  send: async (message: Outgoing) => tell({ sent: { channel: kind, ...message } }),
})
const house = await wire(
  config,
  { store, log, texts: allTexts(log) },
  { channels: { sms: channel('sms'), mail: channel('mail') } },
)
const server = await serve(house.app, { host: 'localhost', port: 0, closeTimeoutMs: 1_000 })

process.on('message', async () => {
  await server.close()
  await house.stop()
  await store.close()
  process.disconnect?.()
})
process.on('unhandledRejection', (fault) => {
  tell({ fault: String(fault) })
  process.exit(1)
})
tell({ listens: `http://localhost:${server.address.port}` })
