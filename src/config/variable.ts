import { type ByRealm, type Realm, realms } from '#src/kernel/realms.ts'
import type { Parser } from './parsers.ts'

/** One environment variable: what the README says of it and how its text is read. */
export interface Variable<T = unknown> {
  /** One English sentence for the operator. */
  readonly meaning: string
  readonly example: string
  readonly parser: Parser<T>
  /** Taken when the variable is unset or empty; written and checked like a given value. */
  readonly default?: string
  /** In place of `default`, where the default depends on other variables. */
  readonly otherwise?: string
  /** The value never appears in a message. */
  readonly secret?: true
}

/** A variable that has a value in any case. */
export type Settled<T> = Variable<T> & { readonly default: string }

export const settled = <T>(variable: Settled<T>): Settled<T> => variable
export const optional = <T>(variable: Variable<T> & { readonly otherwise: string }): Variable<T> => variable

type InEachRealm<Name extends string, V> = { readonly [R in Realm as `${Name}_${Uppercase<R>}`]: V }

/** One variable for each realm. @param make gets the people of the realm, in words */
export function byRealm<const Name extends string, V>(
  name: Name,
  make: (whose: string, realm: Realm) => V,
): InEachRealm<Name, V> {
  const made = realms.map((realm) => [`${name}_${realm.toUpperCase()}`, make(peopleOf[realm], realm)])
  return Object.fromEntries(made) as InEachRealm<Name, V>
}

const peopleOf: ByRealm<string> = {
  citizen: 'citizens',
  operator: 'operators',
  institution: 'staff of institutions',
  administrator: 'administrators',
}
