import { extractText, getDocumentProxy } from 'unpdf'

/** What a person reads on the pages of a PDF, with single spaces. */
export async function pdfText(pdf: Uint8Array): Promise<{ text: string; pages: number }> {
  const document = await getDocumentProxy(new Uint8Array(pdf))
  const { text, totalPages } = await extractText(document, { mergePages: true })
  return { text: text.replace(/\s+/g, ' '), pages: totalPages }
}

/** The code on a letter, as it is printed. @throws Error when there is none */
export async function codeOn(pdf: Uint8Array): Promise<string> {
  const { text } = await pdfText(pdf)
  const code = /\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b/.exec(text)?.[0]
  if (!code) throw new Error('no code on the letter')
  return code
}
