import { z } from 'zod'
import { type Allowance, allowable } from '#src/oidc/clients/allowance.ts'
import { isMetadataField, type MetadataField, metadataFields } from '#src/oidc/clients/metadata.ts'
import type { Invitations } from '#src/oidc/registration/invitations.ts'
import { flag, type Noun, one, parseOptions, parseWordAndOptions, table, UsageError, whole } from './command.ts'

export interface InvitationCommandDeps {
  readonly invitations: Invitations
}

const Invite = z.strictObject({
  uses: one(whole(1, 1000)).default(1),
  days: one(whole(1, 365)).default(7),
  allow: z.array(z.string()).default([]),
  json: flag.optional(),
})

/** Verbs of the noun `clients` about initial access tokens. */
export const invitationVerbs: Noun<InvitationCommandDeps>['verbs'] = {
  async invite(args, { invitations }) {
    const { uses, days, allow, json } = parseOptions(Invite, args)
    const { id, token } = await invitations.make({ uses, days, allowance: allowanceOf(allow) })
    if (json) return `${JSON.stringify({ id, initial_access_token: token }, null, 2)}\n`
    return `invitation            ${id}
initial_access_token  ${token}
The token is shown this once; whoever holds it can register ${uses === 1 ? 'one client' : `${uses} clients`} within ${days === 1 ? 'one day' : `${days} days`}.\n`
  },
  async invitations(args, { invitations }) {
    const { json } = parseOptions(z.strictObject({ json: flag.optional() }), args)
    const found = await invitations.list()
    if (json) return `${JSON.stringify(found, null, 2)}\n`
    if (found.length === 0) return 'No invitation can be used; "clients invite" makes one.\n'
    return table(
      found.map(({ id, usesLeft, expiresAt, allowance }) => [
        id,
        `${usesLeft} left`,
        `until ${expiresAt.toISOString()}`,
        Object.entries(allowance)
          .map(([field, values]) => (values === true ? field : `${field}=${values.join(',')}`))
          .join(' '),
      ]),
    )
  },
  async uninvite(args, { invitations }) {
    const { word } = parseWordAndOptions('the invitation', z.strictObject({}), args)
    await invitations.revoke(word)
    return `${word} can no longer be used; clients that it has registered stay.\n`
  },
}

/** `FIELD` allows any value, `FIELD=A,B` those. */
function allowanceOf(given: readonly string[]): Allowance {
  return Object.fromEntries(
    given.map((item) => {
      const [field = '', ...values] = item.split('=')
      if (!isMetadataField(field) || !allowable.includes(field))
        throw new UsageError(
          `--allow: "${field}" needs no permission or has none; choose among ${allowable.join(', ')}`,
        )
      if (values.length === 0) return [field, true]
      const words = values.join('=').split(',')
      const remedy = valuesFault(field, words)
      if (remedy !== undefined) throw new UsageError(`--allow ${field}: ${remedy}`)
      return [field, words]
    }),
  )
}

/** What no registration could hold is nothing to allow. */
function valuesFault(field: MetadataField, words: readonly string[]): string | undefined {
  const shape = metadataFields[field]
  const given = shape instanceof z.ZodArray ? [words] : words
  return given.map((value) => shape.safeParse(value).error?.issues[0]?.message).find((fault) => fault !== undefined)
}
