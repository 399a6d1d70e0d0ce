import type { Locale } from '#src/kernel/locale.ts'
import type { LegalEntity } from '../registries.ts'

/** A made-up legal entity, or a sole proprietor; the region of its INN is given to nobody. */
export interface SandboxLegalEntity extends LegalEntity {
  readonly code: string
  readonly shows: Readonly<Record<Locale, string>>
  /** Code of the citizen who heads it. */
  readonly head: string
  readonly liquidated?: true
}

const ADDRESS = 'Заречная область, г. Приозёрск-на-Каме'

export const legalEntities: readonly SandboxLegalEntity[] = [
  {
    code: 'federal-agency',
    shows: { ru: 'Федеральное учреждение.', en: 'A federal institution.' },
    type: 'federal',
    name: 'Федеральное агентство по делам вымышленных рек',
    shortName: 'Росвымысел',
    ogrn: '1020000001010',
    inn: '9869001016',
    kpp: '986901001',
    address: `${ADDRESS}, ул. Речная, д. 1`,
    head: 'timur',
  },
  {
    code: 'regional-museum',
    shows: { ru: 'Учреждение региона.', en: 'A regional institution.' },
    type: 'regional',
    name: 'Государственное бюджетное учреждение «Областной музей часов»',
    shortName: 'ГБУ «Музей часов»',
    ogrn: '1030000001020',
    inn: '9869001023',
    kpp: '986901001',
    address: `${ADDRESS}, ул. Музейная, д. 10`,
    head: 'hyphen',
  },
  {
    code: 'municipal-school',
    shows: { ru: 'Муниципальное учреждение.', en: 'A municipal institution.' },
    type: 'municipal',
    name: 'Муниципальное общеобразовательное учреждение «Школа № 999»',
    shortName: 'МОУ «Школа № 999»',
    ogrn: '1040000001030',
    inn: '9869001030',
    kpp: '986901001',
    address: `${ADDRESS}, ул. Садовая, д. 99`,
    head: 'maria',
  },
  {
    code: 'private-company',
    shows: {
      ru: 'Частная компания; в КПП есть буквы, глава иностранец.',
      en: 'A private company; letters in the KPP, headed by a foreigner.',
    },
    type: 'private',
    name: 'Общество с ограниченной ответственностью «Медный чайник»',
    shortName: 'ООО «Медный чайник»',
    ogrn: '1150000001040',
    inn: '9869001048',
    kpp: '9869AB001',
    address: `${ADDRESS}, ул. Дружбы, д. 3`,
    head: 'foreign-diacritics',
  },
  {
    code: 'sole-proprietor',
    shows: { ru: 'Индивидуальный предприниматель с ОГРНИП.', en: 'A sole proprietor, with an OGRNIP.' },
    type: 'sole_proprietor',
    name: 'Индивидуальный предприниматель Соловьёва Анна Павловна',
    shortName: 'ИП Соловьёва А. П.',
    ogrn: '320000000000103',
    inn: '986900000779',
    head: 'twin-anna',
  },
  {
    code: 'liquidated-company',
    shows: { ru: 'Ликвидирована.', en: 'It was liquidated.' },
    type: 'private',
    name: 'Общество с ограниченной ответственностью «Бывшее»',
    shortName: 'ООО «Бывшее»',
    ogrn: '1090000001068',
    inn: '9869001062',
    kpp: '986901001',
    address: `${ADDRESS}, ул. Вокзальная, д. 13`,
    head: 'namesake-elder',
    liquidated: true,
  },
]
