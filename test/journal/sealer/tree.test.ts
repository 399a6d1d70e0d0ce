import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leafHash, pathTo, rootByPath, rootOf } from '#src/journal/sealer/tree.ts'

/** The reference trees of Certificate Transparency's own tests. */
const entries = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = entries.map((hex) => leafHash(Buffer.from(hex, 'hex')))

test.each(roots.map((root, index) => [index + 1, root] as const))(
  'a tree of %i has the root of RFC 6962',
  (size, root) => {
    expect(rootOf(leaves.slice(0, size)).toString('hex')).toBe(root)
  },
)

test('the path to a leaf is that of RFC 6962, section 2.1.3', () => {
  const seven = leaves.slice(0, 7)
  const node = (...some: Buffer[]) => rootOf(some)
  const [a, b, c, d, , f, j] = seven as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer]
  expect(pathTo(seven, 0)).toEqual([b, node(c, d), rootOf(seven.slice(4))])
  expect(pathTo(seven, 4)).toEqual([f, j, rootOf(seven.slice(0, 4))])
  expect(pathTo(seven, 6)).toEqual([node(seven[4]!, f), rootOf([a, b, c, d])])
})

describe('of a path', () => {
  const trees = fc
    .integer({ min: 1, max: 70 })
    .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1) }))
    .map(({ size, index }) => {
      const all = Array.from({ length: size }, (_, n) => leafHash(Buffer.of(n)))
      return { size, index, all, path: pathTo(all, index), root: rootOf(all) }
    })

  test('nothing but the leaf in its place leads to the root', () => {
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), ({ size, index, all, path, root }, other, at) => {
        const leaf = all[index]!
        expect(rootByPath(leaf, { index, size, path })).toEqual(root)
        expect(rootByPath(leaf, { index, size, path: [...path, leaf] })).toBeUndefined()
        expect(rootByPath(leaf, { index: size, size, path })).toBeUndefined()
        expect(rootByPath(leaf, { index: -1, size, path })).toBeUndefined()
        if (size === 1) return
        const stranger = all[(index + 1 + (other % (size - 1))) % size]!
        expect(rootByPath(stranger, { index, size, path })).not.toEqual(root)
        expect(rootByPath(leaf, { index, size, path: path.slice(1) })).toBeUndefined()
        const bent = path.with(at % path.length, leafHash(Buffer.from('bent')))
        expect(rootByPath(leaf, { index, size, path: bent })).not.toEqual(root)
      }),
    )
  })

  test('a node does not pass for a leaf', () => {
    const two = leaves.slice(0, 2)
    expect(leafHash(Buffer.concat(two))).not.toEqual(rootOf(two))
  })
})
