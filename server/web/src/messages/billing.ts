import { inLanguage } from ".";
import { en, type BillingMessages } from "./en.billing";

/** Add a language: write its file with the type `BillingMessages`, and name it here. */
const LANGUAGES: Readonly<Record<string, BillingMessages>> & { en: BillingMessages } = { en };

export const words = inLanguage(LANGUAGES);
