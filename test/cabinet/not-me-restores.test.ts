import { beforeEach, describe, expect, test } from 'vitest'
import { addressIn, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { contactsOf, enter, freshPhone, linkTo, proposed } from './changing-contacts.ts'
import { isSignedOut, kindsOf, linksTo, ownerAtHome, press, thiefWithApp } from './reporting.ts'

const OBJECTION_SECONDS = 72 * 3600

const world = worldOfFile()
let citizen: Citizen
let browser: Browser
let phone: string
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
  await ownerAtHome(world, citizen)
})

async function later(): Promise<void> {
  world.travel(OBJECTION_SECONDS + 1)
  await world.house.delayedChanges.applyDue()
}

const waiting = async () => (await world.house.delayedChanges.waiting(citizen.oid)).map(({ kind }) => kind)

describe('a number that was replaced', () => {
  beforeEach(async () => {
    phone = freshPhone()
    browser = await proposed(world, citizen, 'phone', phone)
    await enter(world, browser, phone)
  })

  test('does not come back at once for whoever reads the mail, as the mail may be read on the stolen telephone', async () => {
    const reader = world.browser()
    await reader.open(await linkTo(world, citizen.email, 'not-me'))
    expect(reader.page.html).toMatch(saying('not_me.follows_waits'))
    await reader.submit({})
    expect(reader.page.html).toMatch(saying('not_me.reported_waits'))
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
    expect(await isSignedOut(world, browser)).toBe(true)
    expect(await waiting()).toEqual(['incident.undo'])
  })

  test('comes back at once for whoever has the mail and knows the password, which somebody who has the telephone does not', async () => {
    const reader = world.browser()
    await reader.open(await linkTo(world, citizen.email, 'not-me'))
    await reader.submit({ password: 'угаданный пароль' })
    expect(reader.page.status).toBe(422)
    expect(reader.page.html).toMatch(saying('sign_in.wrong'))
    expect([(await contactsOf(world, citizen)).phone, await isSignedOut(world, browser)]).toEqual([phone, false])
    await reader.open(await linkTo(world, citizen.email, 'not-me'))
    await reader.submit({ password: citizen.password })
    expect(reader.page.html).toMatch(saying('not_me.reported_undone'))
    expect(await contactsOf(world, citizen)).toEqual({ phone: citizen.phone, email: citizen.email })
    expect(await waiting()).toEqual([])
  })

  test('is no supply of guesses', async () => {
    const reader = world.browser()
    await reader.open(await linkTo(world, citizen.email, 'not-me'))
    for (let guess = 0; guess < 12; guess++) await reader.submit({ password: `догадка ${guess}` })
    await reader.submit({ password: citizen.password })
    expect(reader.page.status).toBe(429)
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
  })

  test('comes back after 72 hours in which nobody objects', async () => {
    await press(world, await linkTo(world, citizen.email, 'not-me'))
    await later()
    expect(await contactsOf(world, citizen)).toEqual({ phone: citizen.phone, email: citizen.email })
  })

  test('comes back although whoever it was has closed the account, and in time before it is erased', async () => {
    await world.house.closing.close(citizen.oid, 'owner', { actor: 'owner', origin: 'thief' })
    world.travel(10 * 86_400)
    const link = await linkTo(world, citizen.email, 'not-me')
    world.travel(17.9 * 86_400)
    await press(world, link)
    await later()
    await world.house.erasure.eraseDue()
    expect(await contactsOf(world, citizen)).toEqual({ phone: citizen.phone, email: citizen.email })
  })

  test('does not come back if whoever has the new one objects', async () => {
    await press(world, await linkTo(world, citizen.email, 'not-me'))
    await press(world, await linkTo(world, phone, 'changes'))
    await later()
    expect((await contactsOf(world, citizen)).phone).toBe(phone)
  })

  test('is waited for by one change, however often that sign-in is looked at', async () => {
    await press(world, await linkTo(world, citizen.email, 'not-me'))
    world.travel(61)
    await world.house.incidents.settle()
    expect(await waiting()).toEqual(['incident.undo'])
  })
})

test('an e-mail does not come back at once by the link that was sent to it', async () => {
  const email = 'new.address@example.org'
  browser = await proposed(world, citizen, 'email', email)
  await enter(world, browser, email)
  await press(world, await linkTo(world, citizen.email, 'not-me'))
  expect((await contactsOf(world, citizen)).email).toBe(email)
  await later()
  expect((await contactsOf(world, citizen)).email).toBe(citizen.email)
})

test('an app that its owner has removed does not come back at once', async () => {
  await thiefWithApp(world, citizen)
  world.travel(61)
  const known = new Set(world.sent)
  const owner = await enterCabinet(world, citizen, '/security')
  await enterCabinet(world, citizen, addressIn(owner, 'totp', 'remove'), owner)
  await owner.submit({}, '/remove')
  expect(await kindsOf(world, citizen)).not.toContain('totp')
  const [link] = await linksTo(world, citizen, { known })
  await press(world, link!)
  expect(await kindsOf(world, citizen)).not.toContain('totp')
  expect(await waiting()).toEqual(['incident.undo'])
  await later()
  expect(await kindsOf(world, citizen)).toContain('totp')
})

test('where nothing was replaced nothing waits', async () => {
  await thiefWithApp(world, citizen)
  const [link] = await linksTo(world, citizen)
  const reader = await press(world, link!)
  expect(reader.page.html).toMatch(saying('not_me.reported_undone'))
  expect(await waiting()).toEqual([])
})
