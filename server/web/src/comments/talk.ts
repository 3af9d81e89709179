/** All that is said about one share, kept as the server has it. Knows nothing of React. */

import { uuid } from "../beacons/events";
import { Refused, TalkApi, type NewComment } from "./api";
import type { LiveEvents } from "./live";
import { emptied, flat, heard, NOTHING, taken, without, type Said } from "./said";
import type { Speaker } from "./speaker";
import type { Author, Comment, Counts, Order, Reaction, TalkEvent, ThreadPage } from "./wire";

export interface TalkState {
  said: Said;
  order: Order;
  /** In the order of the recording, as far as they were asked for. */
  reactions: readonly Reaction[];
  counts: Counts;
  /** The first answer is here. */
  ready: boolean;
  /** The latest question went unanswered: this may be old news. */
  stale: boolean;
  /** There are more threads than were asked for. */
  more: boolean;
  /** The latest that somebody else has said while one looked. */
  news: Comment | null;
}

const INITIAL: TalkState = {
  said: NOTHING,
  order: "time",
  reactions: [],
  counts: {},
  ready: false,
  stale: false,
  more: false,
  news: null,
};

/** Pages of threads, and of reactions, that are read without being asked for. */
const PAGES = 4;
/** Events that wait for an answer; more than these, and the list is read anew. */
const MOST_WAITING = 500;

export type Listen = (on: LiveEvents) => { close: () => void };

export class Talk {
  private current = INITIAL;
  private readonly listeners = new Set<() => void>();
  private readonly api: TalkApi;
  private onOff: () => void = () => undefined;
  private cursor: string | null = null;
  private pages = PAGES;
  private waiting: TalkEvent[] = [];
  private busy = 0;
  private loading = false;
  private again = false;

  constructor(
    slug: string,
    private readonly speaker: Speaker,
    private readonly listen: Listen,
  ) {
    this.api = new TalkApi(slug, speaker);
  }

  readonly state = (): TalkState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Begins to listen, and returns what ends it. `onOff` hears that comments were turned off. */
  open(onOff: () => void): () => void {
    this.onOff = onOff;
    const live = this.listen({
      event: (event) => this.hear(event),
      gap: () => void this.load(),
      off: onOff,
    });
    return () => live.close();
  }

  // What one reads.

  sort(order: Order): void {
    if (order === this.current.order) return;
    this.patch({ order });
    // Where not all are here, the first in this order may be others.
    if (this.current.more) void this.load();
  }

  more(): Promise<void> {
    this.pages += PAGES;
    return this.load();
  }

  /** Reads all of it anew. */
  private async load(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    try {
      await this.quietly(async () => {
        const [threads, reactions] = await Promise.all([this.readThreads(), this.readReactions()]);
        this.patch({ ...threads, ...reactions, ready: true, stale: false });
      });
    } catch (problem) {
      if (problem instanceof Refused && problem.code === "comments_off") this.onOff();
      this.patch({ stale: true });
    } finally {
      this.loading = false;
    }
    if (this.again) {
      this.again = false;
      await this.load();
    }
  }

  private async readThreads(): Promise<Pick<TalkState, "said" | "more">> {
    const found: Comment[] = [];
    let page: ThreadPage | null = null;
    this.cursor = null;
    for (let left = this.pages; left > 0 && (page === null || this.cursor !== null); left--) {
      page = await this.api.threads(this.current.order, this.cursor);
      found.push(...flat(page.data));
      this.cursor = page.pagination.nextCursor;
    }
    return { said: taken(NOTHING, found), more: this.cursor !== null };
  }

  private async readReactions(): Promise<Pick<TalkState, "reactions" | "counts">> {
    const reactions: Reaction[] = [];
    let counts: Counts = {};
    let cursor: string | null = null;
    for (let left = PAGES; left > 0 && (reactions.length === 0 || cursor !== null); left--) {
      const page = await this.api.reactions(cursor);
      reactions.push(...page.data);
      ({ counts } = page);
      cursor = page.pagination.nextCursor;
      if (page.data.length === 0) break;
    }
    return { reactions, counts };
  }

  // What one says. Throws `Refused`.

  async say(comment: NewComment, name: string, key: string): Promise<Comment> {
    return this.quietly(async () => this.take(await this.api.say(comment, name, key)));
  }

  async edit(comment: Comment, body: string): Promise<void> {
    await this.changing(comment, async () => this.take(await this.api.edit(comment, body)));
  }

  async settle(comment: Comment, resolved: boolean): Promise<void> {
    await this.changing(comment, async () => this.take(await this.api.settle(comment, resolved)));
  }

  async remove(comment: Comment): Promise<void> {
    await this.changing(comment, async () => {
      await this.api.remove(comment);
      const { said } = this.current;
      const answered = [...said.values()].some((one) => one.parentId === comment.id);
      this.patch({
        said: answered ? taken(said, [emptied(comment)]) : without(said, comment.id),
      });
    });
  }

  async react(emoji: string, time: number, name: string): Promise<Reaction> {
    return this.quietly(async () => {
      const reaction = await this.api.react(emoji, time, name, uuid());
      this.addReaction(reaction);
      return reaction;
    });
  }

  async takeBack(reaction: Reaction): Promise<void> {
    await this.quietly(async () => {
      await this.api.takeBack(reaction.id);
      this.dropReaction(reaction.id);
    });
  }

  /** Somebody may have been faster: then what is there now is shown, and the change can be made again. */
  private async changing(comment: Comment, act: () => Promise<unknown>): Promise<void> {
    try {
      await this.quietly(act);
    } catch (problem) {
      const known = problem instanceof Refused ? problem.code : "";
      if (known === "comment_changed") await this.ask(comment.id);
      if (known === "comment_not_found") this.patch({ said: without(this.current.said, comment.id) });
      throw problem;
    }
  }

  // What one hears.

  /** News that overtake an answer wait for it: they may be of the same comment. */
  private async quietly<T>(act: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await act();
    } finally {
      if (--this.busy === 0) this.catchUp();
    }
  }

  private hear(event: TalkEvent): void {
    this.waiting.push(event);
    if (this.waiting.length > MOST_WAITING) {
      this.waiting = [];
      void this.load();
    }
    if (this.busy === 0) this.catchUp();
  }

  private catchUp(): void {
    const events = this.waiting;
    this.waiting = [];
    for (const event of events) this.apply(event);
  }

  private apply(event: TalkEvent): void {
    if (event.type === "reaction.added") {
      const { reactionId: id, emoji, time } = event.data;
      this.addReaction({ id, emoji, time });
    } else if (event.type === "reaction.removed") {
      this.dropReaction(event.data.reactionId);
    } else {
      const { said, ask, news } = heard(this.current.said, event, (author) => this.perhapsMine(author));
      this.patch({ said, news: news ?? this.current.news });
      if (ask !== null) void this.ask(ask);
    }
  }

  private perhapsMine(author: Author | null): boolean {
    const { userId, name } = this.speaker;
    if (author === null) return false;
    return userId === null ? author.guest && author.name === name : author.userId === userId;
  }

  /** Reads one comment anew. What fails here shows with the next gap. */
  private async ask(id: string): Promise<void> {
    try {
      this.take(await this.api.comment(id));
    } catch {
      // gone meanwhile, or out of reach
    }
  }

  private take(comment: Comment): Comment {
    this.patch({ said: taken(this.current.said, [comment]) });
    return comment;
  }

  private addReaction(reaction: Reaction): void {
    const { reactions, counts } = this.current;
    if (reactions.some((one) => one.id === reaction.id)) return;
    const behind = reactions.findIndex((one) => one.time > reaction.time);
    const at = behind < 0 ? reactions.length : behind;
    this.patch({
      reactions: reactions.toSpliced(at, 0, reaction),
      counts: { ...counts, [reaction.emoji]: (counts[reaction.emoji] ?? 0) + 1 },
    });
  }

  private dropReaction(id: string): void {
    const { reactions, counts } = this.current;
    const gone = reactions.find((one) => one.id === id);
    if (!gone) return;
    this.patch({
      reactions: reactions.filter((one) => one !== gone),
      counts: { ...counts, [gone.emoji]: Math.max(0, (counts[gone.emoji] ?? 0) - 1) },
    });
  }

  private patch(change: Partial<TalkState>): void {
    this.current = { ...this.current, ...change };
    this.listeners.forEach((listener) => listener());
  }
}
