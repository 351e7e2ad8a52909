import { Text } from "@portolan/domain"

/** Amazon's words, fit to be shown: readable, bounded, and without anything that looks like an Amazon token. */
export const sanitizeProviderText = (text: string): string =>
  Text.fromProvider(text.replaceAll(/(?:Atz[a-z]\||amzn1\.oa2-cs\.)\S*/g, "[secret]"))
