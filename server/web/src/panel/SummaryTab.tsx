import type { ActionItem, Analysis } from "../api/analysis";
import { messages, shortDay } from "../messages";
import { Moment } from "./Moment";
import { press } from "./press";

interface Props {
  analysis: Analysis;
  onGo: (seconds: number) => void;
}

const words = messages.panel;

/** What the recording is about; everything leads to the moment at which it was said. */
export function SummaryTab({ analysis, onGo }: Props) {
  const { summary, sentences, topics, actionItems, model } = analysis;
  return (
    <div className="scroller summary" data-reading>
      {sentences.length > 0 ? (
        <section>
          <h2>{words.summary}</h2>
          <ul className="sentences">
            {sentences.map((sentence) => (
              <li key={`${sentence.start} ${sentence.text}`} dir="auto">
                {sentence.text} <Moment seconds={sentence.start} onGo={onGo} />
              </li>
            ))}
          </ul>
        </section>
      ) : (
        summary && <p dir="auto">{summary}</p>
      )}
      {actionItems.length > 0 && (
        <section>
          <h2>{words.actions}</h2>
          <ul className="actions-list">
            {actionItems.map((item) => (
              <li key={`${item.start} ${item.text}`}>
                <p dir="auto">
                  {item.text} <Moment seconds={item.start} onGo={onGo} />
                </p>
                <Terms item={item} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {topics.length > 0 && (
        <section>
          <h2>{words.topics}</h2>
          <ul className="topics">
            {topics.map((topic) => (
              <li key={topic.text}>
                <button
                  type="button"
                  dir="auto"
                  onClick={(event) => press(event, () => onGo(topic.mentions[0]?.start ?? 0))}
                >
                  {topic.text}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="panel-note">{model === null ? words.madeByRules : words.madeByModel(model)}</p>
    </div>
  );
}

/** Who, and until when. */
function Terms({ item: { assignee, due, dueDate } }: { item: ActionItem }) {
  const day = dueDate ? shortDay(dueDate) : "";
  const until = due && day ? words.dueOn(due, day) : due;
  const terms = [assignee && words.assignee(assignee), until && words.due(until)].filter(Boolean);
  return terms.length > 0 ? <p className="terms">{terms.join(" · ")}</p> : null;
}
