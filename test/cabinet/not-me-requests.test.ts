import { beforeEach, expect, test, vi } from 'vitest'
import { groupedNumber } from '#src/proofing/request-number.ts'
import type { Browser } from '../browser-http.ts'
import { registeredAs } from '../proofing/rig.ts'
import { prove } from '../proving.ts'
import { saying } from '../saying.ts'
import { type Citizen, worldOfFile } from '../world.ts'
import { linkTo } from './changing-contacts.ts'
import { linksTo, ownerAtHome, press, thiefWithApp } from './reporting.ts'

/** A thief has ordered a letter and asked for a change of name; the owner presses the button of a notice. */

const world = worldOfFile()
let citizen: Citizen
let owner: Browser
beforeEach(async () => {
  world.travel(61)
  // The registry that would have to confirm the change never answers.
  citizen = await world.citizen({ person: registeredAs('document-down') })
  await prove(world, citizen, 'standard')
  owner = await ownerAtHome(world, citizen)
  await thiefWithApp(world, citizen)
})

async function asked() {
  const { requests, letters, ownerNotices, sessions } = world.house
  const [{ ref: origin } = { ref: '' }] = await sessions.list(citizen.oid)
  const account = () => ownerNotices.ownerOf(citizen.oid)
  const letter = await letters.order(await account(), origin)
  const name = await requests.open(await account(), {
    kind: 'name',
    proposal: { person: { familyName: 'Чужая' } },
    origin,
  })
  if (!letter.ok || !name.ok) throw new Error('not asked for')
  return [letter.request, name.request] as const
}

test.each([
  ['a mail', () => linksTo(world, citizen).then(([link]) => link!)],
  ['a text message', () => linkTo(world, citizen.phone, 'not-me')],
])('by the link of %s both are withdrawn, and «Мои запросы» tells why', async (_what, linkOf) => {
  const link = await linkOf()
  const both = await asked()
  world.travel(61)
  await press(world, link)
  for (const { id, number } of both) {
    expect((await world.house.requests.find(citizen.oid, id))?.state).toBe('withdrawn')
    await owner.open(`/account/requests/${id}`)
    expect(owner.page.html).toMatch(saying('requests.reason.session.not_me'))
    await vi.waitFor(
      () =>
        expect(world.sent.map(({ text }) => text)).toContainEqual(
          expect.stringMatching(saying('message.request_recalled', { number: groupedNumber(number) })),
        ),
      10_000,
    )
  }
})
