import { mkdirSync } from 'node:fs'
import { allTexts } from './all-texts.ts'
import { withFiles } from './commands/files.ts'
import { answeredAtOnce, type CommandResult, runCommand, runLocalCommand } from './commands.ts'
import { ConfigError, loadConfig } from './config/load.ts'
import { sandboxKeyEncryptionKeys } from './config/sandbox-keys.ts'
import { makeLog } from './http/log.ts'
import { callCommand, commandSocket } from './sandbox/socket.ts'
import { checkSchema } from './store/migrate.ts'
import { openStore } from './store/store.ts'
import type { House } from './wire.ts'

/** Runs a command in the running sandbox, whose database has room for one process only; else on the database itself. */
async function run(argv: readonly string[]): Promise<CommandResult> {
  const config = loadConfig(process.env)
  const { leakedPasswordsFolder } = config
  const local = await runLocalCommand(argv, { leakedPasswordsFolder, showProgress })
  if (local) return local
  if (config.sandbox && config.database.kind === 'pglite') {
    const answer = await callCommand(commandSocket(config.sandbox), argv)
    if (answer) return answer
    mkdirSync(config.database.folder ?? '.', { recursive: true })
  }
  const keks =
    config.sandbox && config.keyEncryptionKeys.length === 0 ? sandboxKeyEncryptionKeys() : config.keyEncryptionKeys
  const store = await openStore(config.database, () => {})
  let house: House | undefined
  try {
    return await runCommand(argv, {
      store,
      showProgress,
      async house() {
        await checkSchema(store)
        // Loaded only here: a command that a running sandbox carries out needs nothing of it.
        const { wire } = await import('./wire.ts')
        const log = makeLog({ level: 'error', destination: process.stderr })
        house = await wire(
          { ...config, keyEncryptionKeys: keks },
          { store, log, texts: allTexts(log), background: false },
        )
        return house
      },
    })
  } finally {
    await house?.stop()
    await store.close()
  }
}

/** One line that is written over; where nobody watches, none. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`)
}

try {
  const argv = process.argv.slice(2)
  const { output, exitCode } = answeredAtOnce(argv) ?? (await run(withFiles(argv)))
  showProgress('')
  ;(exitCode === 0 ? process.stdout : process.stderr).write(output)
  process.exitCode = exitCode
} catch (fault) {
  const { message } = fault as Error
  process.stderr.write(`${fault instanceof ConfigError ? message : `propusk: ${message}`}\n`)
  process.exitCode = 1
}
