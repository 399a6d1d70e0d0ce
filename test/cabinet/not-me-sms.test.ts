import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { contactsOf, enter, freshPhone, linkTo, proposed } from './changing-contacts.ts'
import { isSignedOut, kindsOf, linksTo, ownerAtHome, press, thiefWithApp } from './reporting.ts'

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
  await ownerAtHome(world, citizen)
})

const mustChange = async () => (await world.house.passwords.standing(citizen.oid))?.mustChange
const reports = async () => (await world.journal(citizen.oid)).filter(({ type }) => type === 'incident.reported')

describe('the link of a text message', () => {
  beforeEach(async () => {
    browser = await thiefWithApp(world, citizen)
  })

  test('ends the session and wants a new password, and takes nothing back', async () => {
    const reader = await press(world, await linkTo(world, citizen.phone, 'not-me'))
    expect(reader.page.html).toMatch(saying('not_me.reported_kept'))
    expect(await isSignedOut(world, browser)).toBe(true)
    expect([await mustChange(), await kindsOf(world, citizen)]).toEqual(['not_me', expect.arrayContaining(['totp'])])
    expect((await reports())[0]?.fields).toMatchObject({ by: 'link', undone: 'no' })
  })

  test('takes nothing back a minute later either, nor when pressed again', async () => {
    const link = await linkTo(world, citizen.phone, 'not-me')
    await press(world, link)
    world.travel(61)
    await world.house.incidents.settle()
    const again = world.browser()
    await again.open(link)
    expect(again.page.status).toBe(404)
    expect(await kindsOf(world, citizen)).toContain('totp')
  })

  test('leaves the links of mails, which do', async () => {
    const [mailed] = await linksTo(world, citizen)
    await press(world, await linkTo(world, citizen.phone, 'not-me'))
    await press(world, mailed!)
    expect(await kindsOf(world, citizen)).not.toContain('totp')
  })
})

test('a number that was given up does not come back by what is sent to it', async () => {
  const phone = freshPhone()
  browser = await proposed(world, citizen, 'phone', phone)
  await enter(world, browser, phone)
  await press(world, await linkTo(world, citizen.phone, 'not-me'))
  world.travel(73 * 3600)
  await world.house.delayedChanges.applyDue()
  expect(await contactsOf(world, citizen)).toEqual({ phone, email: citizen.email })
})

test('each contact has a link of its own', async () => {
  browser = await thiefWithApp(world, citizen)
  const [mailed] = await linksTo(world, citizen)
  const texted = await vi.waitFor(() => linkTo(world, citizen.phone, 'not-me'), 10_000)
  expect(texted).not.toBe(mailed)
})
