/** What a shared recording is about: `GET /api/v1/shares/{slug}/analysis`. Times in seconds. */

import { getJson, sharePath, type Answer } from "./get";
import type * as schema from "./schema";

export type Sentence = Pick<schema.Sentence, "text" | "start">;
export type Topic = Pick<schema.Topic, "text"> & { mentions: Pick<schema.AnalysisMention, "start">[] };
export type ActionItem = Pick<schema.ActionItem, "text" | "assignee" | "due" | "dueDate" | "start">;

export interface Analysis {
  /** A newer one is being made. */
  pending: boolean;
  failed: boolean;
  /** The name of the language model that wrote it; null for the rules that are built in. */
  model: string | null;
  summary: string | null;
  sentences: Sentence[];
  topics: Topic[];
  actionItems: ActionItem[];
  hasChapters: boolean;
}

type Raw = Partial<
  Pick<schema.Analysis, "status" | "source" | "model" | "summary"> & {
    sentences: Sentence[];
    topics: Topic[];
    actionItems: ActionItem[];
    chapters: unknown[];
  }
>;

export async function fetchAnalysis(slug: string, signal: AbortSignal): Promise<Answer<Analysis>> {
  const answer = await getJson(sharePath(slug, "/analysis"), signal, "no-cache");
  return answer.kind === "found" ? { kind: "found", value: analysisOf(answer.value as Raw) } : answer;
}

export function analysisOf(raw: Raw): Analysis {
  return {
    pending: raw.status === "queued",
    failed: raw.status === "failed",
    model: raw.source === "llm" ? (raw.model ?? "") : null,
    summary: raw.summary ?? null,
    sentences: raw.sentences ?? [],
    topics: raw.topics ?? [],
    actionItems: raw.actionItems ?? [],
    hasChapters: (raw.chapters ?? []).length > 0,
  };
}

/** Whether it has anything to show. */
export function saysSomething(analysis: Analysis): boolean {
  const { summary, sentences, topics, actionItems } = analysis;
  return Boolean(summary) || sentences.length + topics.length + actionItems.length > 0;
}
