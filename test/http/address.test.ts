import { expect, test } from 'vitest'
import { makeClientAddress, networkOf } from '#src/http/address.ts'

const clientAddress = makeClientAddress(['10.0.0.0/8', '2001:db8:ff::/48', '192.0.2.7'])

test.each([
  ['nobody is trusted: the header is ignored', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
  ['a trusted proxy names the client', '10.0.0.1', '1.2.3.4', '1.2.3.4'],
  ['what the client wrote itself is left of what the proxy wrote', '10.0.0.1', '9.9.9.9, 1.2.3.4', '1.2.3.4'],
  ['a chain of trusted proxies is walked', '192.0.2.7', '9.9.9.9, 1.2.3.4, 10.1.1.1', '1.2.3.4'],
  ['the leftmost entry when all are trusted', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
  ['an IPv6 proxy and client', '2001:db8:ff::1', '2001:DB8::5', '2001:db8::5'],
  ['an IPv4 peer mapped into IPv6', '::ffff:10.0.0.1', '::ffff:1.2.3.4', '1.2.3.4'],
  ['ports and brackets fall off', '10.0.0.1', '[2001:db8::5]:4711', '2001:db8::5'],
  ['an IPv4 port falls off', '10.0.0.1', '1.2.3.4:4711', '1.2.3.4'],
  ['rubbish ends the walk at the proxy that wrote it', '10.0.0.1', "1.2.3.4, ' OR 1=1", '10.0.0.1'],
  ['no header', '10.0.0.1', '', '10.0.0.1'],
  ['a closed socket has no address', '', '1.2.3.4', '0.0.0.0'],
])('%s', (_rule, peer, forwardedFor, client) => {
  expect(clientAddress(peer, forwardedFor)).toBe(client)
})

test('a trusted proxy that is no address is refused at start', () => {
  expect(() => makeClientAddress(['proxy.local'])).toThrow('proxy.local')
})

test.each([
  ['203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:1:2ff::1', '2001:db8:1:200::/56'],
  ['2001:db8:1:2aa:3:4:5:6', '2001:db8:1:200::/56'],
  ['2001:db8::1', '2001:db8:0:0::/56'],
  ['::1', '0:0:0:0::/56'],
  ['fe80::1%eth0', 'fe80:0:0:0::/56'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/56'],
])('%s counts under %s', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
