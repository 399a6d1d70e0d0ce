import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ActingParty } from '../../relying-party.ts'
import { enterCode } from '../../signing-in.ts'
import { type Citizen, worldOfFile } from '../../world.ts'
import { asked, cibaClient, fetchResult, messageOf, settled } from './acting-client.ts'

/** A code to the phone is one factor: it decides on nothing for an account whose sign-ins take two. */

const world = worldOfFile()
let party: ActingParty
let citizen: Citizen
beforeAll(async () => {
  party = await cibaClient(world)
})
beforeEach(async () => {
  citizen = await world.citizen()
})

const moved = () =>
  world.house.store.db.updateTable('accounts').set({ realm: 'operator' }).where('oid', '=', citizen.oid).execute()

const wanting = () =>
  world.house.store.db
    .insertInto('account_settings')
    .values({ oid: citizen.oid, chosen: '{"secondFactor":true}', changed_at: new Date() })
    .execute()

const codeIn = (text: string) => /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0]

test.each([
  ['whose realm demands it', moved],
  ['whose owner has chosen it', wanting],
])('somebody %s gets no code, and decides by signing in', async (_whose, begin) => {
  await begin()
  const request = await asked(world, party, { login_hint: citizen.phone })
  await settled(world)
  const { text, link } = await messageOf(world, citizen)
  expect(codeIn(text)).toBeUndefined()
  const browser = world.browser()
  await browser.open(link)
  await browser.open('/requests')
  await browser.submit({ identifier: citizen.phone, password: citizen.password }, '/identify')
  await enterCode(world, browser, citizen, 1)
  await browser.submit({ decision: 'approve' }, `/requests/${idOf(browser.page.html)}`)
  expect((await fetchResult(party, request)).status).toBe(200)
})

test.each([
  ['the realm', moved],
  ['the owner', wanting],
])('a code that was sent before %s demanded it counts no more', async (_who, begin) => {
  const request = await asked(world, party, { login_hint: citizen.phone })
  const browser = world.browser()
  await browser.open((await messageOf(world, citizen)).link)
  await begin()
  await browser.submit({ code: await world.code(citizen.phone), decision: 'approve' })
  expect((await fetchResult(party, request)).body.error).toBe('authorization_pending')
})

const idOf = (html: string) => /action="\/requests\/([^"]+)"/.exec(html)?.[1]
