import { afterAll, beforeAll, expect, test } from 'vitest'
import { locales } from '#src/kernel/locale.ts'
import { openBrowser, type TestBrowser } from '../browser.ts'
import { startWorld, type World } from '../world.ts'
import { type Demo, startDemo } from './demo.ts'
import { faultsOf } from './showroom.ts'
import type { Specimen } from './specimen.ts'
import { tour } from './tour.ts'

/** Hundreds of pages, each in a browser: a minute and more on a machine of its own. */
const LONG_MS = 600_000

let world: World
let demo: Demo
let browser: TestBrowser
const specimens: Specimen[] = []

beforeAll(async () => {
  // Everybody of the tour comes from one network, one after the other.
  world = await startWorld({ env: { SIGNAL_MANY_ACCOUNTS: 'off' } })
  demo = await startDemo(world)
  browser = await openBrowser()
  for (const locale of locales) specimens.push(...(await tour({ world, demo, locale })))
}, LONG_MS)

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await world?.stop()
})

test('the flows show every view there is in both languages', () => {
  const expected = world.house.views.names.flatMap((view) => locales.map((locale) => `${view}:${locale}`))
  const shown = new Set(specimens.map(({ view, locale }) => `${view}:${locale}`))
  expect(expected.filter((view) => !shown.has(view))).toEqual([])
})

test.each(locales)(
  'every page they show in %s is valid, accessible, as wide as its window, without complaints of the browser',
  async (locale) => {
    const shown = specimens.filter((specimen) => specimen.locale === locale)
    expect(await faultsOf(shown, browser, world.origin)).toEqual([])
  },
  LONG_MS,
)

test('no text is missing in a language', () => {
  expect(world.logLines.filter((line) => line.includes('text missing'))).toEqual([])
})
