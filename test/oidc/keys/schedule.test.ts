import { describe, expect, test } from 'vitest'
import { addSeconds } from '#src/kernel/clock.ts'
import { keyAlgorithms } from '#src/oidc/algorithms.ts'
import {
  type KeyTimes,
  LEAD_SECONDS,
  PUBLISHED_CACHE_SECONDS,
  RETIRED_SECONDS,
  stepsDue,
} from '#src/oidc/keys/schedule.ts'

const now = new Date('2026-03-01T09:00:00Z')
const DAY = 86_400
const DAYS = 90
const ago = (seconds: number) => addSeconds(now, -seconds)

const key = (kid: string, state: KeyTimes['state'], seconds: number, alg = 'ES256'): KeyTimes => ({
  kid,
  alg,
  state,
  createdAt: state === 'next' ? ago(seconds) : ago(seconds + LEAD_SECONDS),
  activatedAt: state === 'active' ? ago(seconds) : state === 'retired' ? ago(seconds + DAYS * DAY) : undefined,
  retiredAt: state === 'retired' ? ago(seconds) : undefined,
})
/** Algorithms that need nothing, so that a case tells of one only. */
const others = keyAlgorithms.filter((alg) => alg !== 'ES256').map((alg) => key(alg, 'active', 0, alg))
const due = (...keys: KeyTimes[]) => stepsDue([...others, ...keys], now, DAYS)

test('a next key signs only when no cache can lack it, however slow a process was to publish it', () => {
  expect(LEAD_SECONDS).toBeGreaterThanOrEqual(PUBLISHED_CACHE_SECONDS + 60)
})

describe('nothing is due', () => {
  test.each<[string, KeyTimes[]]>([
    ['while the active key is young', [key('a', 'active', 0)]],
    ['until the next key has to be published', [key('a', 'active', DAYS * DAY - LEAD_SECONDS - 1)]],
    [
      'while the next key is not known everywhere',
      [key('a', 'active', DAYS * DAY), key('n', 'next', LEAD_SECONDS - 1)],
    ],
    ['while what a retired key signed may be good', [key('a', 'active', 0), key('r', 'retired', RETIRED_SECONDS - 1)]],
    ['for a key of an algorithm that is no longer ours', [key('a', 'active', 0), key('x', 'active', 9e8, 'HS256')]],
  ])('%s', (_when, keys) => {
    expect(due(...keys)).toEqual([])
  })
})

describe('due is', () => {
  test('a first key of every algorithm', () => {
    expect(stepsDue([], now, DAYS)).toEqual(keyAlgorithms.map((alg) => ({ take: 'begin', alg })))
  })
  test('the next key, as long before the change as it has to be known', () => {
    expect(due(key('a', 'active', DAYS * DAY - LEAD_SECONDS))).toEqual([{ take: 'publish', alg: 'ES256' }])
  })
  test('the change, whatever is left of the active key’s time', () => {
    const activate = [{ take: 'activate', alg: 'ES256', kid: 'n' }]
    expect(due(key('a', 'active', DAYS * DAY), key('n', 'next', LEAD_SECONDS))).toEqual(activate)
    expect(due(key('a', 'active', 0), key('n', 'next', LEAD_SECONDS))).toEqual(activate)
  })
  test('the end of each key that is retired for long enough', () => {
    const keys = [key('a', 'active', 0), key('r', 'retired', RETIRED_SECONDS), key('s', 'retired', 9 * RETIRED_SECONDS)]
    expect(due(...keys)).toEqual(['r', 's'].map((kid) => ({ take: 'withdraw', alg: 'ES256', kid })))
  })
  test('the next key of a row that knows only when it was created', () => {
    const old = { ...key('a', 'active', 0), createdAt: ago(DAYS * DAY), activatedAt: undefined }
    expect(due(old)).toEqual([{ take: 'publish', alg: 'ES256' }])
  })
})
