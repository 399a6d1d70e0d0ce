import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { APACHE, MODULES } from './debian.ts'
import { startListening } from './listening.ts'

export interface Apache {
  readonly origin: string
  /** The module's own endpoint: callback, session information, refresh, logout. */
  readonly redirectUri: string
  /** What the server has written, with everything that mod_auth_openidc has to say. */
  log(): Promise<string>
  stop(): Promise<void>
}

/** An origin where Apache will listen; on another site than the provider, for a browser. */
export async function reserveOrigin(): Promise<string> {
  const reserved = await startListening('127.0.0.1')
  await reserved.close()
  return reserved.origin
}

const PREFIX = 'propusk-apache-'
const PAGE = '<!DOCTYPE html><html lang="en"><title>Inside</title><h1>Inside</h1></html>'
const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc']

/**
 * Apache from Debian with mod_auth_openidc in front of every page; `/protected/cb` belongs to the module.
 * @param directives what a site's administrator would write
 */
export async function startApache(origin: string, directives: readonly string[]): Promise<Apache> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'pages', 'protected'), { recursive: true })
  for (const page of ['index.html', 'strong.html']) await writeFile(join(folder, 'pages', page), PAGE)
  const configuration = join(folder, 'apache.conf')
  await writeFile(configuration, lines(folder, origin, directives).join('\n'))
  const server = spawn(APACHE, ['-f', configuration, '-DFOREGROUND'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const errors: string[] = []
  server.stderr.on('data', (chunk) => errors.push(String(chunk)))
  const log = () => readFile(join(folder, 'error.log'), 'utf8').catch(() => '')
  const stop = async () => {
    await ended(server)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answering(server, `${origin}/protected/cb?info=json`)
  } catch (cause) {
    const words = [...errors, await log()].join('\n')
    await stop()
    throw new Error(`Apache does not start: ${words}`, { cause })
  }
  return { origin, redirectUri: `${origin}/protected/cb`, log, stop }
}

function lines(folder: string, origin: string, directives: readonly string[]): string[] {
  return [
    `ServerRoot ${folder}`,
    `ServerName ${origin}`,
    `Listen ${new URL(origin).host}`,
    `PidFile ${folder}/apache.pid`,
    `DefaultRuntimeDir ${folder}`,
    `ErrorLog ${folder}/error.log`,
    'LogLevel warn auth_openidc:info',
    ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
    // Only root may and must say under whom to serve; for anybody else Apache ignores this.
    'User www-data',
    'Group www-data',
    'StartServers 1',
    `DocumentRoot ${folder}/pages`,
    'OIDCRedirectURI /protected/cb',
    `OIDCCryptoPassphrase ${randomBytes(16).toString('hex')}`,
    ...directives,
    '<Location />',
    '  AuthType openid-connect',
    '  Require valid-user',
    '</Location>',
    '',
  ]
}

/** Resolves once the server answers anything. */
async function answering(server: ChildProcess, url: string): Promise<void> {
  const gone = new Promise<never>((_done, fail) => {
    server.once('error', fail)
    server.once('exit', (code) => fail(new Error(`exit ${code}`)))
  })
  gone.catch(() => {})
  const reached = async () => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const status = await fetch(url, { redirect: 'manual' }).then(
        (response) => response.status,
        () => 0,
      )
      if (status > 0) return
      await new Promise((done) => setTimeout(done, 25))
    }
    throw new Error('nothing answers')
  }
  await Promise.race([gone, reached()])
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return
  const exit = new Promise((done) => server.once('exit', done))
  server.kill('SIGTERM')
  await exit
}
