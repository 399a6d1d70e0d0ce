import type { Locale } from '#src/kernel/locale.ts'

/** One page as a person may meet it. */
export interface Specimen {
  readonly view: string
  readonly locale: Locale
  /** What sets it apart from other specimens of the view, e.g. `empty`, `wrong code`, `longest`. */
  readonly state: string
  /** Where it was shown: the origin that its stylesheets come from. */
  readonly address: string
  readonly html: string
  /** The page's Content-Security-Policy, if it came from a server. */
  readonly policy: string | undefined
}
