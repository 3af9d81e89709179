import { words } from "../messages/comments";
import { Sign } from "./signs";
import type { Tool } from "./wire";

const TOOLS = ["pen", "arrow", "rectangle", "highlighter"] as const satisfies readonly Tool[];
export const COLORS = ["#ff3b30", "#ffd60a", "#34c759", "#0a84ff", "#ffffff"] as const;

interface Props {
  tool: Tool;
  color: string;
  onTool: (tool: Tool) => void;
  onColor: (color: string) => void;
  /** Null while there is nothing to take back. */
  onUndo: (() => void) | null;
  onCancel: () => void;
  onDone: () => void;
  /** For who cannot see it. */
  said: string;
}

export function PadTools({ tool, color, onTool, onColor, onUndo, onCancel, onDone, said }: Props) {
  const { pad } = words;
  return (
    <div className="pad-tools" role="toolbar" aria-label={words.draw}>
      <div role="group" aria-label={pad.tools}>
        {TOOLS.map((one) => (
          <button
            key={one}
            type="button"
            className="icon-button"
            aria-label={pad.tool[one]}
            title={pad.tool[one]}
            aria-pressed={one === tool}
            onClick={() => onTool(one)}
          >
            <Sign name={one} />
          </button>
        ))}
      </div>
      <div role="group" aria-label={pad.colors}>
        {COLORS.map((one) => (
          <button
            key={one}
            type="button"
            className="pad-color"
            style={{ color: one }}
            aria-label={pad.color[one]}
            title={pad.color[one]}
            aria-pressed={one === color}
            onClick={() => onColor(one)}
          />
        ))}
      </div>
      <button
        type="button"
        className="icon-button"
        aria-label={pad.undo}
        title={pad.undo}
        disabled={onUndo === null}
        onClick={() => onUndo?.()}
      >
        <Sign name="undo" />
      </button>
      <span className="pad-said" role="status">
        {said}
      </span>
      <div className="pad-ends">
        <button type="button" className="button" onClick={onCancel}>
          {pad.cancel}
        </button>
        <button type="button" className="button button-main" onClick={onDone}>
          {pad.done}
        </button>
      </div>
    </div>
  );
}
