import { inLanguage } from ".";
import { en, type SharingMessages } from "./en.sharing";

/** Add a language: write its file with the type `SharingMessages`, and name it here. */
const LANGUAGES: Readonly<Record<string, SharingMessages>> & { en: SharingMessages } = { en };

export const words = inLanguage(LANGUAGES);
