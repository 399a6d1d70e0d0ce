import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Sent, World } from '../world.ts'

export interface SecondProcess {
  /** Origin that it listens on. */
  readonly listens: string
  /** @throws Error when the process has ended by itself or badly: an unhandled rejection ends it */
  stop(): Promise<void>
}

type Told = { readonly listens: string } | { readonly sent: Sent } | { readonly fault: string }

/** Starts a second process of the house on the database of a world; what it sends arrives in `world.sent`. */
export async function startBeside(world: World, env: Readonly<Record<string, string>> = {}): Promise<SecondProcess> {
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), {
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      MODE: 'sandbox',
      ISSUER: world.origin,
      KEY_ENCRYPTION_KEYS: world.keks,
      DATABASE_URL: world.databaseUrl,
      ...env,
    },
  })
  const ended = once(child, 'exit')
  const listens = await new Promise<string>((done, fail) => {
    child.on('message', (told: Told) => {
      if ('listens' in told) done(told.listens)
      else if ('sent' in told) world.received(told.sent)
      else fail(new Error(told.fault))
    })
    child.once('exit', (code) => fail(new Error(`the second process ended with ${code}`)))
  })
  return {
    listens,
    async stop() {
      if (child.connected) child.send('stop')
      const [code] = await ended
      if (code !== 0) throw new Error(`the second process ended with ${code}`)
    },
  }
}
