import type { Share } from "../api/share";
import { captionFile } from "../api/transcript";
import { messages } from "../messages";
import { TEXT_FILES } from "../panel/TextFiles";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/icons";
import { keepFile } from "./keepFile";

/** All that can be kept of a recording; one thing alone needs no list. */
export function Download({ share }: { share: Share }) {
  const words = messages.actions;
  const files = filesOf(share);
  const [first] = files;
  if (!first) return null;
  const face = (
    <>
      <Icon name="download" />
      {words.download}
    </>
  );
  if (files.length === 1) {
    return (
      <a className="button" href={first.url} download onClick={keepFile}>
        {face}
      </a>
    );
  }
  return (
    <Disclosure className="button" label={words.download} button={face}>
      {files.map(({ name, url }) => (
        <li key={name}>
          <a href={url} download onClick={keepFile}>
            {name}
          </a>
        </li>
      ))}
    </Disclosure>
  );
}

export function filesOf(share: Share): { name: string; url: string }[] {
  const words = messages.actions.files;
  const files: { name: string; url: string }[] = [];
  if (!share.allowDownload) return files;
  if (share.downloadUrl) files.push({ name: words.video, url: share.downloadUrl });
  if (share.audioUrl) files.push({ name: words.audio, url: share.audioUrl });
  if (share.transcription === "completed" && share.captions.length > 0) {
    for (const format of TEXT_FILES) {
      files.push({ name: messages.panel.file[format], url: captionFile(share.slug, format) });
    }
  }
  return files;
}
