import type { Worth } from '#src/factors/factor.ts'
import { satisfies } from '#src/kernel/levels.ts'
import type { Locale, Translate } from '#src/kernel/locale.ts'
import type { ListedAuthenticator } from '#src/login/authenticators.ts'
import { momentInWords } from './place-words.ts'

/** An authenticator as its owner reads it in the list. */
export interface WordedAuthenticator {
  readonly kind: string
  readonly id: string
  readonly title: string
  /** The owner's name for it, or what tells it from others. */
  readonly which: string | undefined
  /** In words; or what is wrong with it. */
  readonly worth: string
  readonly addedAt: string | undefined
  readonly usedAt: string
  readonly renamable: boolean
  readonly removable: boolean
}

export function worded(
  { kind, id, title, name, detail, addedAt, usedAt, left, worth, warning, renamable, removable }: ListedAuthenticator,
  { t, locale }: { readonly t: Translate; readonly locale: Locale },
): WordedAuthenticator {
  const moment = (at: Date) => momentInWords(at, t, locale)
  return {
    kind,
    id,
    title: t(title ?? `factor.${kind}`),
    which: name ?? detail ?? (left === undefined ? undefined : t('security.left', { count: left })),
    worth: t(warning ?? (worth.rescue ? 'security.worth_spare' : worthKey(worth))),
    addedAt: addedAt && moment(addedAt),
    usedAt: usedAt ? moment(usedAt) : t('security.never_used'),
    renamable,
    removable,
  }
}

/** What it is worth, in plain words (R-B9). */
function worthKey({ proof, multiFactor, hardware, ceiling }: Worth): string {
  if (multiFactor) return hardware ? 'security.worth_hardware' : 'security.worth_alone'
  if (proof === 'knowledge') return 'security.worth_first'
  return satisfies(ceiling, 'aal2') ? 'security.worth_second' : 'security.worth_weak'
}
