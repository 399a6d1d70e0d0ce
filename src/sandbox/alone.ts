import type { Config } from '#src/config/config.ts'
import { commandSocket, isServed } from './socket.ts'

/**
 * The embedded database has room for one process: a second one on its folder could destroy it.
 * @throws Error when a sandbox already runs on this folder
 */
export async function refuseSecond(sandbox: NonNullable<Config['sandbox']>): Promise<void> {
  if (await isServed(commandSocket(sandbox)))
    throw new Error(`a sandbox already runs on ${sandbox.folder}; stop it, or set SANDBOX_FOLDER and other ports`)
}
