import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Owner, serverEnvironment } from './postgres-host.ts'

export interface ServerOptions {
  /** Folder of PostgreSQL's `bin`. */
  readonly home: string
  readonly dataDir: string
  /** Temporary files of this run: sockets, a copy of the binaries; removed with the server. */
  readonly folder: string
  /** Removed with the server, too: where the data are, unless they stay. */
  readonly room: string
  readonly owner: Owner
  readonly flags: readonly string[]
}

export class PortTaken extends Error {}

/**
 * The shell between us and the server. When our end of its standard input closes, be it by `stop` or because we were
 * killed, it shuts the server down and removes the folders: no run leaves a server behind.
 */
const GUARDIAN = `
folder=$1 room=$2; shift 2
exec 3<&0
"$@" 3<&- &
server=$!
(read -r _ <&3; kill -INT "$server") >/dev/null 2>&1 &
watcher=$!
wait "$server"
kill "$watcher" 2>/dev/null
cd /
rm -rf "$folder" "$room"`

/**
 * Starts the server on a free port and waits until it answers.
 * @throws PortTaken when another process was faster, Error with the server's last words otherwise
 */
export async function launchServer(options: ServerOptions): Promise<{ port: number; stop: () => Promise<void> }> {
  const port = await freePort()
  const server = [join(options.home, 'bin', 'postgres'), '-D', options.dataDir, '-p', String(port)]
  const guardian = spawn(
    '/bin/sh',
    [
      ...['-c', GUARDIAN, 'guardian', options.folder, options.room],
      ...[...server, ...settings(options.folder), ...options.flags],
    ],
    {
      ...options.owner,
      cwd: options.folder,
      env: serverEnvironment(),
      stdio: ['pipe', 'ignore', 'pipe'],
      // A process group of its own: Ctrl-C must not end the server before the tests have let go of it.
      detached: true,
    },
  )
  await untilReady(guardian)
  return { port, stop: () => stopGuardian(guardian) }
}

function settings(folder: string): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    shared_preload_libraries: 'pg_stat_statements',
    fsync: 'off',
    full_page_writes: 'off',
    // What goes wrong in a statement is for the test that sent it; the server's own log tells of the server.
    log_min_messages: 'log',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

async function untilReady(guardian: ChildProcess): Promise<void> {
  const lines = createInterface({ input: guardian.stderr! })
  const said: string[] = []
  guardian.once('error', (error) => said.push(error.message))
  for await (const line of lines) {
    if (line.includes('database system is ready to accept connections')) {
      // The pipe must stay drained, or the server blocks on its own log.
      guardian.stderr!.resume()
      return
    }
    said.push(line)
  }
  const lastWords = said.slice(-10).join('\n')
  if (/could not bind|Address already in use/.test(lastWords)) throw new PortTaken(lastWords)
  throw new Error(`PostgreSQL did not start:\n${lastWords}`)
}

async function stopGuardian(guardian: ChildProcess): Promise<void> {
  if (guardian.exitCode !== null || guardian.signalCode !== null) return
  const ended = once(guardian, 'exit')
  guardian.stdin!.end()
  await ended
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
