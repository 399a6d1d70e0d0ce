import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type PDFDocument from 'pdfkit'

/** What is printed, in the language of the recipient; nothing of the person but name and address. */
export interface PrintedLetter {
  readonly lang: string
  readonly title: string
  /** Name of the service, then lines of its address. */
  readonly sender: readonly string[]
  readonly recipient: { readonly name: string; readonly address: string }
  /** Lines beside the recipient: the date, the number of the request. */
  readonly reference: readonly string[]
  /** Paragraphs above the code. */
  readonly intro: readonly string[]
  /** As it is printed. */
  readonly code: string
  readonly sections: readonly { readonly heading: string; readonly paragraphs: readonly string[] }[]
  /** For the document's properties. */
  readonly at: Date
}

type Document = InstanceType<typeof PDFDocument>

const MM = 72 / 25.4
const LEFT = 25 * MM
const WIDTH = 165 * MM
/**
 * Where the window is: the lower right of a DL or E65 envelope (110 × 220 mm, window 45 × 90 mm, 20 mm from either edge), the sheet folded
 * in three; less the room that the sheet has to move in the envelope.
 */
const WINDOW = { x: 113 * MM, y: 46 * MM, width: 80 * MM, height: 30 * MM }
const FOLDS = [99 * MM, 198 * MM]
const TEXT_POINTS = 10.5
/** The largest at which name and address fit into the window is taken. */
const ADDRESS_POINTS = [11, 10, 9, 8, 7, 6]
const BODY_Y = 105 * MM

const fontFile = (path: string) =>
  readFileSync(fileURLToPath(import.meta.resolve(`@expo-google-fonts/noto-sans/${path}`)))
/** Some 40 MB of code and fonts are loaded for the first letter: most processes never print one. */
let press: Promise<{ Sheet: typeof PDFDocument; regular: Buffer; bold: Buffer }> | undefined
async function startPress() {
  const { default: Sheet } = await import('pdfkit')
  const regular = fontFile('400Regular/NotoSans_400Regular.ttf')
  return { Sheet, regular, bold: fontFile('700Bold/NotoSans_700Bold.ttf') }
}

/** One sheet A4 for a window envelope. @returns the bytes of the PDF, its fonts embedded */
export async function printLetter(letter: PrintedLetter): Promise<Buffer> {
  press ??= startPress()
  const { Sheet, regular, bold } = await press
  const document = new Sheet({
    size: 'A4',
    margins: { top: 15 * MM, bottom: 10 * MM, left: LEFT, right: 20 * MM },
    lang: letter.lang,
    displayTitle: true,
    info: { Title: letter.title, CreationDate: letter.at, ModDate: letter.at },
  })
  const whole = bytesOf(document)
  document.registerFont('regular', regular).registerFont('bold', bold)
  foldMarks(document)
  sender(document, letter)
  recipient(document, letter)
  body(document, letter)
  document.end()
  return whole
}

function bytesOf(document: Document): Promise<Buffer> {
  const parts: Buffer[] = []
  return new Promise((resolve, reject) => {
    document.on('data', (part: Buffer) => void parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
}

function foldMarks(document: Document): void {
  document.lineWidth(0.3).strokeColor('#888888')
  for (const y of FOLDS)
    document
      .moveTo(5 * MM, y)
      .lineTo(9 * MM, y)
      .stroke()
}

function sender(document: Document, { sender: [name = '', ...address], reference }: PrintedLetter): void {
  const width = 78 * MM
  document
    .fillColor('#000000')
    .font('bold', 13)
    .text(name, LEFT, 15 * MM, { width })
  document.font('regular', 8.5)
  for (const line of address) document.text(line, { width })
  document.font('regular', TEXT_POINTS).text(reference.join('\n'), LEFT, WINDOW.y, { width })
}

function recipient(document: Document, { recipient: { name, address } }: PrintedLetter): void {
  const { x, y, width, height } = WINDOW
  const heightAt = (points: number) =>
    document.font('bold', points).heightOfString(name, { width }) +
    document.font('regular', points).heightOfString(address, { width })
  const points = ADDRESS_POINTS.find((size) => heightAt(size) <= height) ?? ADDRESS_POINTS.at(-1)!
  document.font('bold', points).text(name, x, y, { width })
  document.font('regular', points).text(address, { width })
}

function body(document: Document, { title, intro, code, sections }: PrintedLetter): void {
  const options = { width: WIDTH, paragraphGap: 5, lineGap: 1 }
  document.font('bold', 15).text(title, LEFT, BODY_Y, { width: WIDTH, paragraphGap: 6 })
  document.font('regular', TEXT_POINTS)
  for (const paragraph of intro) document.text(paragraph, options)
  const y = document.y + 4
  const height = 15 * MM
  document.lineWidth(1).strokeColor('#12395b').roundedRect(LEFT, y, WIDTH, height, 6).stroke()
  document.font('bold', 26).text(code, LEFT, y + 4, { width: WIDTH, align: 'center' })
  document.y = y + height + 10
  for (const { heading, paragraphs } of sections) {
    document.font('bold', TEXT_POINTS + 1).text(heading, LEFT, document.y + 3, { width: WIDTH, paragraphGap: 3 })
    document.font('regular', TEXT_POINTS)
    for (const paragraph of paragraphs) document.text(paragraph, options)
  }
}
