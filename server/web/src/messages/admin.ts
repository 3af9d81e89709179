import { inLanguage } from ".";
import { en, type AdminMessages } from "./en.admin";

/** Add a language: write its file with the type `AdminMessages`, and name it here. */
const LANGUAGES: Readonly<Record<string, AdminMessages>> & { en: AdminMessages } = { en };

export const words = inLanguage(LANGUAGES);
