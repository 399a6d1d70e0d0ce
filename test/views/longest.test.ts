import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allTexts } from '#src/all-texts.ts'
import { loadConfig } from '#src/config/load.ts'
import { makeAssets } from '#src/http/assets.ts'
import { brandOf } from '#src/http/brand.ts'
import { makeViews } from '#src/http/views.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { fixtures, longest } from './longest.ts'
import { faultsOf } from './showroom.ts'

/** Some twenty seconds on a machine of its own. */
const LONG_MS = 600_000

const lines: string[] = []
const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
const brand = brandOf(loadConfig({}).brand)
const assets = makeAssets(brand)
const views = makeViews({ texts: allTexts(log), brand, assets })
const server = createServer(new Koa().use(assets.middleware).callback())
let browser: TestBrowser

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, 'localhost', done))
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server.close()
})

test('every view there is has its longest texts', () => {
  expect(Object.keys(fixtures).sort()).toEqual(views.names)
})

test(
  'with them every page is valid, accessible and as wide as its window',
  async () => {
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`
    expect(await faultsOf(longest(views, origin), browser, origin)).toEqual([])
  },
  LONG_MS,
)

test('no text is missing in a language', () => {
  expect(lines).toEqual([])
})
