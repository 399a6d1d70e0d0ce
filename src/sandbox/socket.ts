import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'

/** What a command printed and how it ended. */
/** Where the command line finds a running sandbox. */
export function commandSocket(sandbox: { readonly folder: string }): string {
  return join(sandbox.folder, 'propusk.sock')
}

export interface CommandResult {
  readonly output: string
  readonly exitCode: number
}

export interface CommandServer {
  /** Stops listening and removes the socket's file. */
  close(): Promise<void>
}

export interface CommandServerDeps {
  /** Where the socket's file should be; see `socketPath`. */
  readonly path: string
  readonly run: (argv: readonly string[]) => Promise<CommandResult>
}

/** `sun_path` of Linux holds 108 bytes with the closing NUL, that of macOS 104. */
const LONGEST_PATH_BYTES = 103
const LONGEST_REQUEST_BYTES = 64 * 1024
const LONGEST_ANSWER_BYTES = 16 * 1024 * 1024
/** A caller writes its one line at once; whoever connects and stays silent is dropped. */
const SILENCE_MS = 5_000

const requestShape = z.strictObject({ argv: z.array(z.string()).max(100) })
const resultShape = z.strictObject({ output: z.string(), exitCode: z.int().min(0).max(255) })

/**
 * The path itself, or a name in the folder for temporary files where the path is too long for a socket. The name is the same
 * for both sides, as it is derived from the absolute path.
 */
export function socketPath(path: string): string {
  const absolute = resolve(path)
  if (Buffer.byteLength(absolute) <= LONGEST_PATH_BYTES) return absolute
  return join(tmpdir(), `propusk-${createHash('sha256').update(absolute).digest('hex').slice(0, 32)}.sock`)
}

/**
 * Lets the command line of another process work on this one's database, which has room for one process only. One JSON line
 * in (`{ argv }`), one out (`{ output, exitCode }`); the file is open to its owner alone.
 * @throws Error when another process answers at this path
 */
export async function serveCommands({ path, run }: CommandServerDeps): Promise<CommandServer> {
  const file = socketPath(path)
  mkdirSync(dirname(file), { recursive: true })
  if (await answers(file)) throw new Error(`another process already listens on ${file}`)
  // Nobody is behind a file that a killed process left.
  rmSync(file, { force: true })
  const server = createServer((socket) => void converse(socket, run))
  await listen(server, file)
  // Waiting for commands is no reason for a process to live on.
  server.unref()
  return { close: () => new Promise((done) => server.close(() => done())) }
}

/**
 * Runs a command in the process that listens at `path`.
 * @returns undefined when nobody listens there
 * @throws Error when the answer is cut off or not understood
 */
export async function callCommand(path: string, argv: readonly string[]): Promise<CommandResult | undefined> {
  const socket = await connect(socketPath(path))
  if (!socket) return undefined
  try {
    socket.write(`${JSON.stringify({ argv })}\n`)
    const line = await readLine(socket, LONGEST_ANSWER_BYTES)
    if (line === undefined) throw new Error('the running process closed the connection without an answer')
    return resultShape.parse(JSON.parse(line))
  } finally {
    socket.destroy()
  }
}

function listen(server: Server, file: string): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail)
    // `listen` makes the file before it returns: with this mask it is open to its owner alone from the first moment.
    const mask = process.umask(0o177)
    server.listen(file, done)
    process.umask(mask)
  })
}

async function converse(socket: Socket, run: CommandServerDeps['run']): Promise<void> {
  socket.on('error', () => socket.destroy())
  socket.setTimeout(SILENCE_MS, () => socket.destroy())
  try {
    const line = await readLine(socket, LONGEST_REQUEST_BYTES)
    socket.setTimeout(0)
    if (line !== undefined) socket.end(`${JSON.stringify(await answer(line, run))}\n`)
  } catch {
    // The caller went away or sent too much: there is nobody to tell.
  }
  socket.destroySoon()
}

async function answer(line: string, run: CommandServerDeps['run']): Promise<CommandResult> {
  let argv: readonly string[]
  try {
    argv = requestShape.parse(JSON.parse(line)).argv
  } catch {
    return { output: 'the command was not understood; are both processes of one version?\n', exitCode: 2 }
  }
  try {
    return await run(argv)
  } catch (error) {
    return { output: `${error instanceof Error ? error.message : String(error)}\n`, exitCode: 1 }
  }
}

/** Up to the first line break. @returns undefined if the other side ends before it. @throws Error above `limit` bytes */
async function readLine(socket: Socket, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    const end = chunk.indexOf(0x0a)
    chunks.push(end === -1 ? chunk : chunk.subarray(0, end))
    bytes += chunk.length
    if (bytes > limit) throw new Error(`more than ${limit} bytes in one line`)
    if (end !== -1) return Buffer.concat(chunks).toString('utf8')
  }
  return undefined
}

/** Whether a process already serves commands at this path. */
export async function isServed(path: string): Promise<boolean> {
  return answers(socketPath(path))
}

async function answers(file: string): Promise<boolean> {
  const socket = await connect(file)
  socket?.destroy()
  return socket !== undefined
}

/** @returns undefined when there is no file, or nobody behind it */
function connect(file: string): Promise<Socket | undefined> {
  return new Promise((done, fail) => {
    const socket = createConnection(file)
    socket.once('connect', () => done(socket))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') done(undefined)
      else fail(error)
    })
  })
}
