import { expect, test } from 'vitest'
import { parseSeeds } from '#src/factors/totp/seeds.ts'

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const BASE64 = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTA='

const pskc = (change: (xml: string) => string = (xml) => xml) =>
  change(`<?xml version="1.0" encoding="UTF-8"?>
<pskc:KeyContainer Version="1.0" xmlns:pskc="urn:ietf:params:xml:ns:keyprov:pskc">
  <pskc:KeyPackage>
    <pskc:DeviceInfo><pskc:Manufacturer>oath.VASC</pskc:Manufacturer><pskc:SerialNo>98765-4321</pskc:SerialNo></pskc:DeviceInfo>
    <pskc:Key Id="1" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp">
      <pskc:AlgorithmParameters><pskc:Suite>HMAC-SHA1</pskc:Suite><pskc:ResponseFormat Length="6" Encoding="DECIMAL"/></pskc:AlgorithmParameters>
      <pskc:Data>
        <pskc:Secret><pskc:PlainValue>${BASE64}</pskc:PlainValue></pskc:Secret>
        <pskc:TimeInterval><pskc:PlainValue>30</pskc:PlainValue></pskc:TimeInterval>
      </pskc:Data>
    </pskc:Key>
  </pskc:KeyPackage>
</pskc:KeyContainer>`)

test('lines of a maker, with or without a heading', () => {
  const seeds = parseSeeds(`serial,secret\n 1234-5678 ,${KEY}\r\nab99;${KEY.toLowerCase()}\n`)
  expect(seeds.map(({ serial, secret }) => [serial, secret.toString()])).toEqual([
    ['12345678', '12345678901234567890'],
    ['AB99', '12345678901234567890'],
  ])
})

test('PSKC without encryption', () => {
  expect(parseSeeds(pskc())).toEqual([{ serial: '987654321', secret: Buffer.from('12345678901234567890') }])
})

test.each<[string, string, string]>([
  ['nothing', '', 'no token'],
  ['a line without a key', '12345678\n', 'line 1'],
  ['a key that is no Base32', `12345678,${KEY}1`, 'line 1'],
  ['a short key', '12345678,GEZDGNBVGY3TQOJQ', 'less than 128 bits'],
  ['no serial number', `!!,${KEY}`, '4 to 40'],
  ['one token twice', `1234-5678,${KEY}\n12345678,${KEY}`, 'twice'],
  ['an event-based token', pskc((xml) => xml.replace('pskc:totp', 'pskc:hotp')), 'TOTP'],
  ['eight digits', pskc((xml) => xml.replace('Length="6"', 'Length="8"')), 'six digits'],
  ['SHA-256', pskc((xml) => xml.replace('HMAC-SHA1', 'HMAC-SHA256')), 'SHA-1'],
  ['a minute', pskc((xml) => xml.replace('>30<', '>60<')), '30 seconds'],
  ['an encrypted seed', pskc((xml) => xml.replaceAll('PlainValue', 'EncryptedValue')), 'encrypted'],
])('refuses %s', (_what, text, told) => {
  expect(() => parseSeeds(text)).toThrow(told)
})
