import type { Adapter, AdapterPayload } from 'oidc-provider'

/** The least a store can cost: one Map per model, payloads kept as they are, expiry checked by the provider. */
export function makeMapAdapter(): (model: string) => Adapter {
  const uids = new Map<string, string>()
  return (model) => {
    const payloads = new Map<string, AdapterPayload>()
    return {
      async upsert(id, payload) {
        payloads.set(id, payload)
        if (model === 'Session' && payload.uid !== undefined) uids.set(payload.uid, id)
      },
      find: async (id) => payloads.get(id),
      findByUid: async (uid) => payloads.get(uids.get(uid) ?? ''),
      findByUserCode: async () => undefined,
      async consume(id) {
        const payload = payloads.get(id)
        if (payload) payloads.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) })
      },
      async destroy(id) {
        payloads.delete(id)
      },
      async revokeByGrantId(grantId) {
        for (const [id, payload] of payloads) if (payload.grantId === grantId) payloads.delete(id)
      },
    }
  }
}
