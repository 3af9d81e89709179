/** What somebody chose, and what of that is another thing than before. */

import type { ShareSettings, ShareSettingsRequest } from "../api/sharing";

export interface Chosen {
  visibility: ShareSettings["visibility"];
  asksPassword: boolean;
  /** Empty keeps the one there is. */
  password: string;
  ends: boolean;
  /** As `<input type="datetime-local">` has it: this computer's time. */
  endsAt: string;
  allowDownload: boolean;
  allowComments: boolean;
}

export function chosenOf(settings: ShareSettings): Chosen {
  return {
    visibility: settings.visibility,
    asksPassword: settings.hasPassword,
    password: "",
    ends: settings.expiresAt !== null,
    endsAt: settings.expiresAt === null ? "" : localTime(new Date(settings.expiresAt)),
    allowDownload: settings.allowDownload,
    allowComments: settings.allowComments,
  };
}

export function changesOf(chosen: Chosen, settings: ShareSettings): ShareSettingsRequest {
  const before = chosenOf(settings);
  const changes: ShareSettingsRequest = {};
  if (chosen.visibility !== before.visibility) changes.visibility = chosen.visibility;
  if (!chosen.asksPassword && settings.hasPassword) changes.password = null;
  if (chosen.asksPassword && chosen.password) changes.password = chosen.password;
  if (!chosen.ends && before.ends) changes.expiresAt = null;
  if (chosen.ends && chosen.endsAt && chosen.endsAt !== before.endsAt) {
    changes.expiresAt = new Date(chosen.endsAt).toISOString();
  }
  if (chosen.allowDownload !== before.allowDownload) changes.allowDownload = chosen.allowDownload;
  if (chosen.allowComments !== before.allowComments) changes.allowComments = chosen.allowComments;
  return changes;
}

/** To the minute, without a time zone: `2026-11-24T18:00`. */
export function localTime(moment: Date): string {
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What is put into a page of one's own. */
export function embedCode(embedUrl: string, title: string): string {
  const name = title.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
  return (
    `<iframe src="${embedUrl}" title="${name}" width="640" height="360" frameborder="0" ` +
    `allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`
  );
}
