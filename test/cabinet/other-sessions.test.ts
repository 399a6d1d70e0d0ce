import { beforeEach, expect, test } from 'vitest'
import { addApp, addressIn, enterCabinet } from '../authenticators.ts'
import type { Browser } from '../browser-http.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { enter, freshPhone, proposed } from './changing-contacts.ts'
import { isSignedOut } from './reporting.ts'

const world = worldOfFile()
let citizen: Citizen
let owner: Browser
beforeEach(async () => {
  world.travel(61)
  citizen = await world.citizen()
  owner = world.browser()
})

async function removeApp(): Promise<void> {
  await owner.open('/security')
  await enterCabinet(world, citizen, addressIn(owner, 'totp', 'remove'), owner)
  await owner.submit({}, '/remove')
  expect(owner.page.html).toMatch(saying('security.done_removed'))
}

test('after a way to sign in was removed the other sessions can be ended, in which it was used', async () => {
  await addApp(world, citizen, owner)
  world.travel(61)
  const other = await enterCabinet(world, citizen, '/account')
  await removeApp()
  expect(owner.page.html).toMatch(saying('security.others_text'))
  await owner.submit({}, '/security/sessions/end-others')
  expect([await isSignedOut(world, other), await isSignedOut(world, owner)]).toEqual([true, false])
})

test('where there are none nothing is offered', async () => {
  await addApp(world, citizen, owner)
  await removeApp()
  expect(owner.page.html).not.toMatch(saying('security.others_text'))
})

test('after a contact was replaced they are a link away', async () => {
  const phone = freshPhone()
  owner = await proposed(world, citizen, 'phone', phone, owner)
  await enter(world, owner, phone)
  expect(owner.page.html).toMatch(saying('contacts.others_text'))
  expect(owner.page.html).toContain('href="/security/sessions"')
})
