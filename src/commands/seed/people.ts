import type { PassportRf } from '#src/accounts/documents/document.ts'
import { addDays, birthday } from '#src/accounts/fields/date.ts'
import { checkNumber } from '#src/accounts/fields/snils.ts'
import type { Person } from '#src/accounts/person.ts'
import type { IdentityLevel } from '#src/kernel/levels.ts'

/** So many there are: a further one would have the SNILS of another. */
export const PEOPLE = 100_000_000

/** Somebody made up; the same number is always the same person. */
export interface MadeUp {
  readonly level: IdentityLevel
  readonly phone: string
  readonly email: string
  /** With SNILS unless *simplified*. */
  readonly person: Person
  /** Absent for *simplified*. */
  readonly passport?: PassportRf
  readonly registeredAt: Date
}

const NAMES = {
  female: {
    family: ['Ветрова', 'Соснина', 'Ручьёва', 'Полянская', 'Зимина', 'Лугова', 'Озёрная', 'Берестова', 'Гречихина'],
    given: ['Ольга', 'Вера', 'Анна', 'Мария', 'Елена', 'Дарья', 'Юлия', 'Софья', 'Нина', 'Ксения', 'Тамара'],
    patronymic: ['Игоревна', 'Петровна', 'Сергеевна', 'Андреевна', 'Ильинична', 'Павловна', 'Олеговна'],
  },
  male: {
    family: ['Ветров', 'Соснин', 'Ручьёв', 'Полянский', 'Зимин', 'Луговой', 'Озёрный', 'Берестов', 'Гречихин'],
    given: ['Олег', 'Пётр', 'Антон', 'Михаил', 'Егор', 'Денис', 'Юрий', 'Степан', 'Никита', 'Кирилл', 'Тимур'],
    patronymic: ['Игоревич', 'Петрович', 'Сергеевич', 'Андреевич', 'Ильич', 'Павлович', 'Олегович'],
  },
} as const
const TOWNS = ['город Приозёрск-на-Каме', 'село Верхние Ключи', 'посёлок Дальний Плёс', 'город Новый Берег']
/** The oldest were born in that year. */
const OLDEST = 1955
/** Old enough to have the passport of 45 years for good, and young enough to have that of 20 until 2030. */
const YEARS_WITH_LAST_PASSPORT = 24
const FIRST_WITH_SECOND_PASSPORT = 1985
const YEARS_WITH_SECOND_PASSPORT = 19
const DAYS_OF_REGISTRATIONS = 1_000
const FIRST_REGISTRATION = Date.UTC(2023, 0, 9)
const DAY_MS = 86_400_000

/**
 * Nothing of them can be anybody's: telephone numbers begin with +7 1, which no operator has, mail goes to a domain of RFC 2606 §2, SNILS
 * begin with a 6 and passports with region 00, none of which were ever given out.
 * @param n 0 … 99 999 999
 */
export function madeUp(n: number): MadeUp {
  const pick = picker(n)
  const gender = pick(2) === 0 ? 'female' : 'male'
  const { family, given, patronymic } = NAMES[gender]
  const eight = String(n).padStart(8, '0')
  const level = levelOf(n)
  const ofLastPassport = pick(2) === 0
  const year = ofLastPassport
    ? OLDEST + pick(YEARS_WITH_LAST_PASSPORT)
    : FIRST_WITH_SECOND_PASSPORT + pick(YEARS_WITH_SECOND_PASSPORT)
  const birthDate = addDays(`${year}-01-01`, pick(365))
  const person: Person = {
    familyName: family[pick(family.length)]!,
    givenName: given[pick(given.length)]!,
    patronymic: patronymic[pick(patronymic.length)]!,
    birthDate,
    gender,
  }
  const birthPlace = TOWNS[pick(TOWNS.length)]!
  const registeredAt = new Date(FIRST_REGISTRATION + pick(DAYS_OF_REGISTRATIONS) * DAY_MS + pick(DAY_MS))
  const common = { level, phone: `+71${eight.padStart(9, '0')}`, email: `person${n}@made-up.example`, registeredAt }
  if (level === 'simplified') return { ...common, person }
  return {
    ...common,
    person: { ...person, birthPlace, citizenship: 'RUS', snils: snilsOf(`6${eight}`) },
    passport: {
      kind: 'passport_rf',
      series: `00${eight.slice(0, 2)}`,
      number: eight.slice(2),
      issuedOn: addDays(birthday(birthDate, ofLastPassport ? 45 : 20), pick(40)),
      issuer: `Отдел внутренних дел: ${birthPlace}`,
      departmentCode: `00${eight.slice(-4)}`,
      birthPlace,
    },
  }
}

/** Of ten people one is *simplified*, two are *verified*, the others *standard*. */
function levelOf(n: number): IdentityLevel {
  const of = n % 10
  return of === 0 ? 'simplified' : of < 3 ? 'verified' : 'standard'
}

/** @param number nine digits */
function snilsOf(number: string): string {
  return number + String(checkNumber(number)).padStart(2, '0')
}

/** Numbers below a bound, always the same ones for the same `seed` (the mixing of SplitMix32). */
function picker(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below
  }
}
