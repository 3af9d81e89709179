import { lazy, Suspense, useState } from "react";
import type { Share } from "../api/share";
import { messages } from "../messages";

// Only whoever may change the recording has it.
const SharingDialog = lazy(async () => ({
  default: (await import("../sharing/SharingDialog")).SharingDialog,
}));

interface Props {
  share: Share;
  time: number;
  onChanged: () => void;
}

export function ShareSettings({ share, time, onChanged }: Props) {
  const [open, setOpen] = useState(false);
  if (!share.mayEdit) return null;
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {messages.actions.settings}
      </button>
      {open && (
        <Suspense>
          <SharingDialog
            recordingId={share.recordingId}
            title={share.title || messages.untitled}
            time={time}
            onClose={() => setOpen(false)}
            onChanged={onChanged}
          />
        </Suspense>
      )}
    </>
  );
}
