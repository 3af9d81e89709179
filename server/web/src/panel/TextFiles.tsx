import { captionFile, type CaptionFile } from "../api/transcript";
import { messages } from "../messages";
import { keepFile } from "../share/keepFile";
import { Disclosure } from "../ui/Disclosure";
import { Icon } from "../ui/icons";

export const TEXT_FILES: readonly CaptionFile[] = ["srt", "vtt", "txt"];

/** The transcript as a file to keep. */
export function TextFiles({ slug }: { slug: string }) {
  const words = messages.panel;
  return (
    <Disclosure className="icon-button" label={words.files} button={<Icon name="download" />}>
      {TEXT_FILES.map((format) => (
        <li key={format}>
          <a href={captionFile(slug, format)} download onClick={keepFile}>
            {words.file[format]}
          </a>
        </li>
      ))}
    </Disclosure>
  );
}
