import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
const MOST_BYTES = 150_000

/** Takes a picture of the page for the documents, whole or what the window shows; only `UPDATE_SCREENSHOTS=1` writes it, so that tests change no files. */
export async function picture(page: Page, name: string, { whole = true } = {}): Promise<void> {
  const png = await page.screenshot({ fullPage: whole })
  expect(png.byteLength).toBeLessThan(MOST_BYTES)
  if (process.env.UPDATE_SCREENSHOTS !== '1') return
  await mkdir(FOLDER, { recursive: true })
  await writeFile(join(FOLDER, `${name}.png`), png)
}
