import type { Clock } from '#src/kernel/clock.ts'
import type { AccountId } from '#src/kernel/ids.ts'
import { randomTicket } from '#src/kernel/ids.ts'
import type { DataKeys, Keyring, WrappedKey } from '#src/store/keyring.ts'
import { defineRead } from '#src/store/reads.ts'
import { keyedHash, open, seal } from '#src/store/seal.ts'
import type { Statement } from '#src/store/statement.ts'
import type { Store, Tx } from '#src/store/store.ts'
import type { Undone } from '../factor.ts'
import type { Flags, PublicKey } from './ceremony.ts'

/** One enrolled passkey or hardware key. */
export interface Credential extends PublicKey {
  /** Stands for it in addresses and records: a keyed hash of the credential id. */
  readonly id: string
  readonly name: string | undefined
  /** The account's, as authenticators keep it. */
  readonly userHandle: string
  readonly synced: boolean
  /** Whether it has ever verified its user. */
  readonly userVerified: boolean
  readonly addedAt: Date
  /** When its last answer was accepted. */
  readonly usedAt: Date | undefined
  /** There may be a copy of it: it is not accepted any more. */
  readonly copied: boolean
}

export interface NewCredential extends PublicKey, Flags {
  readonly name: string | undefined
  /** The session or sign-in that it is enrolled in. */
  readonly origin: string
}

export interface Credentials {
  /** A stored credential's id. */
  idOf(credentialId: string): string
  ownerOf(id: string): Promise<AccountId | undefined>
  /** Those that were not removed, the oldest first. */
  of(oid: AccountId): Promise<Credential[]>
  /** The random name under which the account's authenticators keep its keys; made when it is first wanted. */
  handleOf(oid: AccountId): Promise<string>
  add(tx: Tx, oid: AccountId, added: NewCredential, most: number): Promise<'added' | 'taken' | 'too_many'>
  /** Keeps what an assertion said. @returns false when its counter is not above the one before, or the key is gone */
  use(oid: AccountId, id: string, said: Flags): Promise<boolean>
  /** @returns false when it was marked before, or is gone */
  markCopied(tx: Tx, oid: AccountId, id: string): Promise<boolean>
  rename(tx: Tx, oid: AccountId, id: string, name: string): Promise<boolean>
  remove(tx: Tx, oid: AccountId, id: string, origin: string): Promise<boolean>
  undo(tx: Tx, oid: AccountId, origins: readonly string[], what?: Undone): Promise<number>
}

interface Row extends WrappedKey {
  id: string
  core: Uint8Array
  name: Uint8Array | null
  synced: boolean
  user_verified: boolean
  added_at: Date
  used_at: Date | null
  copied_at: Date | null
  handle: string
}

const read = defineRead<Row>({
  name: 'webauthn',
  parameters: { oid: 'int' },
  sql: `select c.id, c.core, c.name, c.synced, c.user_verified, c.added_at, c.used_at, c.copied_at, h.handle, d.kek_id, d.wrapped
    from webauthn_credentials c join webauthn_handles h on h.oid = c.oid join data_keys d on d.oid = c.oid
    where c.oid = key.oid and c.removed_at is null order by c.added_at, c.id`,
})

const findOwner = defineRead<{ oid: AccountId }>({
  name: 'webauthn_owners',
  parameters: { id: 'text' },
  sql: 'select oid from webauthn_owners where id = key.id',
})

/** Keys without a counter always say 0 (section 6.1.1). */
const use: Statement = {
  name: 'webauthn:use',
  text: `update webauthn_credentials set counter = $3, backed_up = $4, user_verified = user_verified or $5,
      used_at = greatest(used_at, $6::timestamptz)
    where oid = $1 and id = $2 and removed_at is null and copied_at is null
      and (counter < $3::bigint or (counter = 0 and $3::bigint = 0)) returning id`,
}

export function makeCredentials(deps: {
  store: Store
  keyring: Keyring
  dataKeys: DataKeys
  clock: Clock
}): Credentials {
  const { store, keyring, dataKeys, clock } = deps
  const place = (column: string, oid: AccountId, id: string) => ({
    table: 'webauthn_credentials',
    column,
    key: `${oid}:${id}`,
  })
  const idOf = (credentialId: string) => keyedHash(keyring.key('blind_index'), 'webauthn', credentialId)
  const one = (tx: Tx, oid: AccountId, id: string) =>
    tx
      .updateTable('webauthn_credentials')
      .where('oid', '=', oid)
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning('id')
  const sealedName = async (tx: Tx, oid: AccountId, id: string, name: string | undefined) =>
    name === undefined ? null : seal(await dataKeys.of(oid, tx), place('name', oid, id), name)

  function opened(oid: AccountId, row: Row): Credential {
    const key = dataKeys.opened(oid, row)
    const core = JSON.parse(open(key, place('core', oid, row.id), row.core).toString('utf8'))
    return {
      id: row.id,
      credentialId: core.credentialId,
      publicKey: new Uint8Array(Buffer.from(core.publicKey, 'base64url')),
      transports: core.transports,
      name: row.name ? open(key, place('name', oid, row.id), row.name).toString('utf8') : undefined,
      userHandle: row.handle,
      synced: row.synced,
      userVerified: row.user_verified,
      addedAt: row.added_at,
      usedAt: row.used_at ?? undefined,
      copied: row.copied_at !== null,
    }
  }

  /** @returns false when somebody has it already */
  async function claim(tx: Tx, oid: AccountId, id: string): Promise<boolean> {
    const claimed = await tx
      .insertInto('webauthn_owners')
      .values({ id, oid })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    return claimed !== undefined
  }

  return {
    idOf,
    ownerOf: async (id) => (await store.read(findOwner, [id]))[0]?.oid,
    of: async (oid) => (await store.read(read, [oid])).map((row) => opened(oid, row)),
    async handleOf(oid) {
      const { db } = store
      const kept = db.selectFrom('webauthn_handles').select('handle').where('oid', '=', oid)
      const known = await kept.executeTakeFirst()
      if (known) return known.handle
      await db
        .insertInto('webauthn_handles')
        .values({ oid, handle: randomTicket() })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await kept.executeTakeFirstOrThrow()).handle
    },
    async add(tx, oid, { credentialId, publicKey, transports, name, origin, ...flags }, most) {
      // Locked, so that two at once are counted one after the other.
      await tx.selectFrom('webauthn_handles').select('oid').where('oid', '=', oid).forUpdate().executeTakeFirstOrThrow()
      const { count } = await tx
        .selectFrom('webauthn_credentials')
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .where('oid', '=', oid)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow()
      if (Number(count) >= most) return 'too_many'
      const id = idOf(credentialId)
      if (!(await claim(tx, oid, id))) return 'taken'
      await tx
        .deleteFrom('webauthn_credentials')
        .where('oid', '=', oid)
        .where('id', '=', id)
        .where('removed_at', 'is not', null)
        .execute()
      const core = JSON.stringify({
        credentialId,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        transports,
      })
      await tx
        .insertInto('webauthn_credentials')
        .values({
          oid,
          id,
          core: seal(await dataKeys.of(oid, tx), place('core', oid, id), core),
          name: await sealedName(tx, oid, id, name),
          counter: flags.counter,
          synced: flags.synced,
          backed_up: flags.backedUp,
          user_verified: flags.userVerified,
          added_at: clock.now(),
          added_in: origin,
          used_at: null,
          copied_at: null,
          removed_at: null,
          removed_in: null,
        })
        .execute()
      return 'added'
    },
    use: async (oid, id, { counter, backedUp, userVerified }) =>
      (await store.run(use, [oid, id, counter, backedUp, userVerified, clock.now()])).length > 0,
    async markCopied(tx, oid, id) {
      const marked = await one(tx, oid, id)
        .set({ copied_at: clock.now() })
        .where('copied_at', 'is', null)
        .executeTakeFirst()
      return marked !== undefined
    },
    async rename(tx, oid, id, name) {
      const sealed = await sealedName(tx, oid, id, name)
      return (await one(tx, oid, id).set({ name: sealed }).executeTakeFirst()) !== undefined
    },
    async remove(tx, oid, id, origin) {
      const set = { removed_at: clock.now(), removed_in: origin }
      if ((await one(tx, oid, id).set(set).executeTakeFirst()) === undefined) return false
      await tx.deleteFrom('webauthn_owners').where('id', '=', id).where('oid', '=', oid).execute()
      return true
    },
    async undo(tx, oid, origins, what = 'all') {
      if (origins.length === 0) return 0
      const added = await tx
        .deleteFrom('webauthn_credentials')
        .where('oid', '=', oid)
        .where('added_in', 'in', origins)
        .returning(['id', 'removed_at'])
        .execute()
      for (const { id } of added)
        await tx.deleteFrom('webauthn_owners').where('id', '=', id).where('oid', '=', oid).execute()
      const gone = added.filter(({ removed_at }) => removed_at === null).length
      if (what === 'added') return gone
      const removed = await tx
        .selectFrom('webauthn_credentials')
        .select('id')
        .where('oid', '=', oid)
        .where('removed_in', 'in', origins)
        .execute()
      let back = 0
      for (const { id } of removed) {
        // Enrolled anew elsewhere meanwhile: it cannot open two accounts.
        if (!(await claim(tx, oid, id))) continue
        back += 1
        await tx
          .updateTable('webauthn_credentials')
          .set({ removed_at: null, removed_in: null })
          .where('oid', '=', oid)
          .where('id', '=', id)
          .execute()
      }
      return gone + back
    },
  }
}
