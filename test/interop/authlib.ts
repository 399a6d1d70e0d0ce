import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PYTHON } from './debian.ts'

const SCRIPT = fileURLToPath(new URL('authlib_party.py', import.meta.url))

export interface Settings {
  readonly issuer: string
  readonly client_id: string
  /** The secret, or the private key as PEM for `private_key_jwt`. */
  readonly client_secret: string
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'
  readonly redirect_uri: string
  /** With which of Debian's HTTP clients. */
  readonly transport: 'requests' | 'httpx'
}

/** What the library raised. */
class AuthlibError extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(`${error}: ${description}`)
    this.error = error
  }
}

/** A relying party in Python, driven by lines of JSON. */
export class AuthlibParty {
  readonly #python: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  readonly #complaints: string[] = []

  constructor(settings: Settings) {
    // Authlib refuses plain http unless told; the server under test speaks nothing else.
    const env = { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' }
    this.#python = spawn(PYTHON, [SCRIPT, JSON.stringify(settings)], { env })
    this.#python.stderr.on('data', (chunk) => this.#complaints.push(String(chunk)))
    this.#python.on('error', (fault) => this.#complaints.push(fault.message))
    this.#reader = createInterface(this.#python.stdout)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** @throws AuthlibError for an OAuth error; Error with Python's words for anything else */
  async ask<T>(command: string, args: Readonly<Record<string, string>> = {}): Promise<T> {
    this.#python.stdin.write(`${JSON.stringify({ do: command, ...args })}\n`)
    const { value, done } = await this.#lines.next()
    if (done) throw new Error(`Python gave up: ${this.#complaints.join('')}`)
    const said = JSON.parse(value)
    if (said.error !== undefined) throw new AuthlibError(said.error, said.description)
    return said.answer
  }

  async stop(): Promise<void> {
    const exit = new Promise((done) => this.#python.once('exit', done))
    if (this.#python.exitCode !== null || this.#python.pid === undefined) return
    this.#python.stdin.end()
    await exit
    this.#reader.close()
  }
}
