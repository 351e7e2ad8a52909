import { Text } from "@portolan/domain"

/**
 * Walmart's words, fit to be shown: readable, bounded, and without anything that looks like a token
 * (https://developer.walmart.com/us-marketplace/docs/tokenapi).
 */
export const sanitizeProviderText = (text: string): string =>
  Text.fromProvider(text.slice(0, 4000).replaceAll(/\b(?:eyJ[\w.-]{10,}|APXc[\w+/=-]{6,})\S*/g, "[secret]"))
