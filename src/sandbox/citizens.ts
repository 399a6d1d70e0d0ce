import type { Person } from '#src/accounts/person.ts'

/** A fictitious person that the sandbox registers on first start and prints, so that one can sign in at once. */
export interface TestCitizen {
  readonly person: Person
  /** E.164, from a range that the outbox delivers without staged failures. */
  readonly phone: string
  readonly email?: string
  /** Printed and public: of use in the sandbox only. */
  readonly password: string
}

export const testCitizens: readonly TestCitizen[] = [
  {
    person: {
      familyName: 'Иванова',
      givenName: 'Мария',
      patronymic: 'Сергеевна',
      birthDate: '1985-03-27',
      gender: 'female',
    },
    phone: '+79000000011',
    email: 'maria@example.org',
    password: 'янтарный-чайник-Енисея',
  },
  {
    // No e-mail: shows what a relying party gets when a claim is missing.
    person: {
      familyName: 'Каримов',
      givenName: 'Тимур',
      patronymic: 'Рашидович',
      birthDate: '1961-11-02',
      gender: 'male',
    },
    phone: '+79000000012',
    password: 'семь мокрых велосипедов',
  },
  {
    // Longer than most forms expect, and without a patronymic.
    person: {
      familyName: 'Константинопольская-Преображенская',
      givenName: 'Александра-Виктория',
      birthDate: '2007-06-15',
      gender: 'female',
    },
    phone: '+79000000013',
    email: 'alexandra.victoria.konstantinopolskaya@correspondence.example.org',
    password: 'lantern under quiet juniper',
  },
]
