import { follow, isNear, SKIP_S } from "./live";
import type { PlayerState } from "./model";
import type { Edge } from "./source";

/** What a pace needs of its session. */
export interface Paced {
  edge(): Edge | null;
  state(): PlayerState;
  patch(change: Partial<PlayerState>): void;
}

/** A seek back by less than this is a correction of the player, not a wish of the viewer. */
const BACK_S = 0.5;

/** Where a viewer stands to a recording that still grows: follows its edge, or watches the past undisturbed. */
export class Pace {
  /** The last moment that was played before a seek. */
  private played = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly of: Paced,
  ) {}

  tick(): void {
    if (!this.video.seeking) this.played = this.video.currentTime;
    const edge = this.of.edge();
    if (!edge) return;
    const behind = Math.max(0, edge.at - this.video.currentTime);
    this.of.patch({ behind: Math.round(behind) });
    if (this.video.paused || this.video.seeking) return;
    if (this.of.state().following) this.keepUp(behind, edge);
    else if (behind <= edge.aim + 0.2) this.caughtUp();
  }

  jump(): void {
    const edge = this.of.edge();
    if (!edge) return;
    this.of.patch({ following: true, behind: Math.round(edge.aim) });
    this.video.currentTime = Math.max(0, edge.at - edge.aim);
  }

  /** Opening took time that the recording did not wait for: skip it before anyone has seen a picture move. */
  arrived(): void {
    const edge = this.of.edge();
    if (!edge || !this.of.state().following) return;
    const late = edge.at - this.video.currentTime - edge.aim;
    if (late > SKIP_S && this.ahead() > late + SKIP_S) this.video.currentTime += late;
  }

  /** Coming back from a pause is watching the past, until the viewer asks for the edge. */
  resumed(): void {
    const edge = this.of.edge();
    if (edge) this.place(this.isNear(edge));
  }

  /**
   * Only a viewer seeks back; hls.js steps forward over a gap, and after a lost connection does so far behind the edge.
   * Called when a seek begins: Firefox still says "timeupdate" before the seek has ended.
   */
  sought(): void {
    const edge = this.of.edge();
    if (!edge) return;
    if (this.isNear(edge)) this.place(true);
    else if (this.video.currentTime < this.played - BACK_S) this.place(false);
  }

  private place(following: boolean): void {
    this.of.patch({ following });
    if (!following) this.video.playbackRate = this.of.state().rate;
  }

  private isNear(edge: Edge): boolean {
    return isNear(edge.at - this.video.currentTime, edge.aim);
  }

  private keepUp(behind: number, { aim }: Edge): void {
    const move = follow({ behind, aim, ahead: this.ahead(), rate: this.video.playbackRate });
    if (move.kind === "jump") this.jump();
    else if (this.video.playbackRate !== move.rate) this.video.playbackRate = move.rate;
  }

  /** Someone who watched the past at double speed has caught up: from here on the edge sets the pace. */
  private caughtUp(): void {
    this.of.patch({ following: true, rate: 1 });
    this.video.playbackRate = 1;
  }

  private ahead(): number {
    const { buffered, currentTime } = this.video;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= currentTime && currentTime <= buffered.end(i))
        return buffered.end(i) - currentTime;
    }
    return 0;
  }
}
