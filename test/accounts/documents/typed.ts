/** Born in 1985: passports end in 2005 and 2030. */
export const person = { birthDate: '1985-03-27', familyName: 'Иванова' }
/** Whose names are in Latin letters, as in a foreign passport. */
export const foreigner = { birthDate: '1985-03-27', familyName: 'Akhmetova' }
export const now = new Date('2026-03-01T09:00:00Z')

/** What is typed for a sound document of each kind; the numbers are made up. */
export const typed = {
  passport_rf: {
    series: '45 10',
    number: '123456',
    issuedOn: '01.04.2005',
    departmentCode: '770-045',
    issuer: 'ОВД «Арбат» г. Москвы',
    birthPlace: 'г. Казань',
  },
  temporary_certificate: {
    number: '№ 77-123а',
    issuedOn: '15.02.2026',
    validUntil: '15.04.2026',
    issuer: 'УВМ МВД по г. Москве',
  },
  foreign_passport: {
    country: 'KAZ',
    number: 'n 01234567',
    issuedOn: '10.05.2020',
    validUntil: '09.05.2030',
    familyName: 'Akhmetova',
    givenName: 'Aigerim',
  },
  residence_permit: {
    series: '82',
    number: '0123456',
    issuedOn: '10.05.2020',
    validUntil: '09.05.2030',
    issuer: 'МВД 770',
    citizenship: 'UZB',
  },
} as const

/** The person who has a document of that kind. */
export const holderOf = (kind: keyof typeof typed) => (kind === 'foreign_passport' ? foreigner : person)
