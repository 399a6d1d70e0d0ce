import { EXPORT_VERSION, type Section } from './account-export.ts'

/** The document piece by piece, so that however long it is little of it is in memory. Members in snake case, times in ISO 8601 and UTC. */
export async function* writtenAsJson(
  sections: AsyncIterable<Section>,
  { issuer, at }: { readonly issuer: string; readonly at: Date },
): AsyncGenerator<string> {
  const head = { format: 'propusk-account-export', version: EXPORT_VERSION, issuer, exported_at: at.toISOString() }
  yield JSON.stringify(head, null, 2).slice(0, -2)
  for await (const [name, content] of sections) {
    yield `,\n  ${JSON.stringify(name)}: `
    if (isMany(content)) yield* writtenRows(content)
    else yield JSON.stringify(inWire(content))
  }
  yield '\n}\n'
}

async function* writtenRows(rows: AsyncIterable<object>): AsyncGenerator<string> {
  let before = '['
  for await (const row of rows) {
    yield `${before}\n    ${JSON.stringify(inWire(row))}`
    before = ','
  }
  yield before === '[' ? '[]' : '\n  ]'
}

export function isMany(content: object): content is AsyncIterable<object> {
  return Symbol.asyncIterator in content
}

/** The same with members as the document names them; those that are undefined are left out. */
export function inWire(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(inWire)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(members.map(([name, inner]) => [wireName(name), inWire(inner)]))
}

const wireName = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
