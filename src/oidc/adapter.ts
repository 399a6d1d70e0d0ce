import type { Adapter, AdapterPayload } from 'oidc-provider'
import { addSeconds, type Clock, unixSeconds } from '#src/kernel/clock.ts'
import { ticketHash } from '#src/kernel/ids.ts'
import type { Keyring } from '#src/store/keyring.ts'
import { defineRead, type Read } from '#src/store/reads.ts'
import { keyedHash, open, seal } from '#src/store/seal.ts'
import type { Store } from '#src/store/store.ts'
import { readOnce, units, write } from '#src/store/unit.ts'
import { artifactParts, type Durability, grantOwner, isFleeting } from './artifacts.ts'
import { hasNotEnded } from './logout/ended-sessions.ts'

type LookUp = 'id' | 'uid_hash' | 'user_code_hash'

interface Row {
  id: string
  payload: Uint8Array
  grant_hash: string | null
  consumed_at: Date | null
  /** The payload once it was opened. */
  text?: string
}

const lookUpsOf = (table: string): Record<LookUp, Read<Row>> => {
  const by = (column: LookUp) =>
    defineRead<Row>({
      name: `${table}:${column}`,
      parameters: { model: 'text', hash: 'text', at: 'timestamptz' },
      sql: `select id, payload, grant_hash, consumed_at from ${table}
        where model = key.model and ${column} = key.hash and expires_at > key.at and ${hasNotEnded(table)}`,
    })
  return { id: by('id'), uid_hash: by('uid_hash'), user_code_hash: by('user_code_hash') }
}

const lookUps: Record<Durability, Record<LookUp, Read<Row>>> = {
  durable: lookUpsOf('artifacts'),
  fleeting: lookUpsOf('fleeting_artifacts'),
}

/** A spent refresh token that comes back this soon is taken for a parallel request, not for theft. */
const PARALLEL_REFRESH_SECONDS = 10

/**
 * What is kept for a while after it has expired. A pushed request outlives its `request_uri` by an interaction: a second sign-in that the
 * same one began still has to find it spent when it ends, which is later than the minute within which one can be begun. Who polls has to
 * hear that the time is over, not that there never was such a request (RFC 8628, section 3.5; CIBA Core, section 11).
 */
const KEPT_SECONDS: Readonly<Record<string, number>> = {
  PushedAuthorizationRequest: 1800,
  DeviceCode: 600,
  BackchannelAuthenticationRequest: 600,
}

/** Found by what a person types, it has to be saved again under its id, which nobody brings then; sealed like all of it. */
const FOUND_BY_USER_CODE = 'DeviceCode'

/** For artifacts that the provider gives no lifetime. */
const WITHOUT_EXPIRY_SECONDS = 100 * 365 * 86_400

export interface AdapterDeps {
  readonly store: Store
  readonly keyring: Keyring
  readonly clock: Clock
  /** Adapters of the models that are no artifacts, by name. */
  readonly others: Readonly<Record<string, Adapter>>
  /** Told whose artifact was found, so that the account can be read while the artifact's grant is. */
  readonly accountAhead?: (accountId: string) => void
}

/**
 * Stores the provider's artifacts through the unit of work of the request. Ids are stored as SHA-256, because opaque tokens, session
 * ids and codes are their own ids; payloads lose their `jti` and are sealed, because they repeat such ids in other places.
 */
export function makeAdapter(deps: AdapterDeps): (model: string) => Adapter {
  return (model) => deps.others[model] ?? artifactAdapter(model, deps)
}

/** What the provider looks for its grant and account next. */
const leadsToGrant = new Set(['AuthorizationCode', 'RefreshToken', 'AccessToken'])

function artifactAdapter(model: string, { store, keyring, clock, accountAhead }: AdapterDeps): Adapter {
  const durability: Durability = isFleeting(model) ? 'fleeting' : 'durable'
  const parts = artifactParts[durability]
  const key = keyring.key('artifacts')
  const place = (hash: string) => ({ table: 'artifacts', column: model, key: hash })
  const bufferKey = (hash: string) => `${model}:${hash}`
  const hashUserCode = (userCode: string) => keyedHash(keyring.key('blind_index'), 'user_code', userCode)

  const ownerOf = ({ accountId, clientId }: AdapterPayload) =>
    model === 'Grant' && accountId !== undefined && clientId !== undefined
      ? grantOwner(keyring, accountId, clientId)
      : null

  /** A buffered write, as the database would answer it once it is flushed. */
  function buffered(column: LookUp, hash: string): Row | undefined {
    for (const [, values] of units.getStore()?.entries(parts.put) ?? []) {
      const [rowModel, id, payload, grant_hash, uid_hash, user_code_hash] = values as string[]
      const found = { id, uid_hash, user_code_hash }[column] === hash && rowModel === model
      if (found)
        return { id: id!, payload: payload as unknown as Uint8Array, grant_hash: grant_hash ?? null, consumed_at: null }
    }
    return undefined
  }

  /** Reads a row once in each request. */
  const stored = (column: LookUp, hash: string) => readRow(model, durability, column, hash)

  function readRow(of: string, kept: Durability, column: LookUp, hash: string): Promise<Row | undefined> {
    return readOnce(`${of}:${column}:${hash}`, async () => {
      const [row] = await store.read(lookUps[kept][column], [of, hash, clock.now()])
      return row
    })
  }

  /** Opened once for each row: the provider asks for some artifacts several times in one request. */
  function opened(row: Row): AdapterPayload {
    row.text ??= open(key, place(row.id), row.payload).toString('utf8')
    return JSON.parse(row.text)
  }

  /** Both will be wanted, one after the other: asked for now they come in one round trip. */
  function readAhead(row: Row, { accountId }: AdapterPayload): void {
    if (!units.getStore() || !leadsToGrant.has(model)) return
    if (row.grant_hash) void readRow('Grant', 'durable', 'id', row.grant_hash)
    if (accountId !== undefined) accountAhead?.(accountId)
  }

  async function lookUp(column: LookUp, hash: string, jti?: string): Promise<AdapterPayload | undefined> {
    const unit = units.getStore()
    const row = buffered(column, hash) ?? (await stored(column, hash))
    if (!row || unit?.get(parts.drop, bufferKey(row.id))) return undefined
    if (row.grant_hash && unit?.get(parts.revoke, bufferKey(row.grant_hash))) return undefined
    if (model === 'RefreshToken' && row.consumed_at && isParallel(row.consumed_at)) return undefined
    const consumedAt = row.consumed_at ?? (unit?.get(parts.consume, bufferKey(row.id))?.[2] as Date | undefined)
    const payload = opened(row)
    readAhead(row, payload)
    return { ...payload, ...(jti !== undefined && { jti }), ...(consumedAt && { consumed: unixSeconds(consumedAt) }) }
  }

  const isParallel = (consumedAt: Date) =>
    clock.now().getTime() - consumedAt.getTime() < PARALLEL_REFRESH_SECONDS * 1000

  return {
    async upsert(id, artifact, expiresIn) {
      const hash = ticketHash(id)
      const { jti: _itself, ...rest } = artifact
      const payload = model === FOUND_BY_USER_CODE ? artifact : rest
      units.getStore()?.remove(parts.drop, bufferKey(hash))
      await write(store, parts.put, bufferKey(hash), [
        model,
        hash,
        seal(key, place(hash), JSON.stringify(payload)),
        typeof payload.grantId === 'string' ? ticketHash(payload.grantId) : null,
        typeof payload.uid === 'string' ? ticketHash(payload.uid) : null,
        typeof payload.userCode === 'string' ? hashUserCode(payload.userCode) : null,
        ownerOf(payload),
        addSeconds(clock.now(), (expiresIn ?? WITHOUT_EXPIRY_SECONDS) + (KEPT_SECONDS[model] ?? 0)),
      ])
    },
    find: (id) => lookUp('id', ticketHash(id), id),
    findByUid: (uid) => lookUp('uid_hash', ticketHash(uid)),
    findByUserCode: (userCode) => lookUp('user_code_hash', hashUserCode(userCode)),
    async consume(id) {
      const hash = ticketHash(id)
      await write(store, parts.consume, bufferKey(hash), [model, hash, clock.now()])
    },
    async destroy(id) {
      const hash = ticketHash(id)
      const unit = units.getStore()
      unit?.remove(parts.put, bufferKey(hash))
      unit?.remove(parts.consume, bufferKey(hash))
      await write(store, parts.drop, bufferKey(hash), [model, hash])
    },
    async revokeByGrantId(grantId) {
      const grantHash = ticketHash(grantId)
      const unit = units.getStore()
      for (const [key, [rowModel, , , rowGrant]] of [...(unit?.entries(parts.put) ?? [])])
        if (rowModel === model && rowGrant === grantHash) unit?.remove(parts.put, key)
      await write(store, parts.revoke, bufferKey(grantHash), [model, grantHash])
    },
  }
}
