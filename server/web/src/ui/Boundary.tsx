import { Component, type ReactNode } from "react";
import { messages } from "../messages";
import { Message } from "./Message";

/** Where a part of the page does not arrive, or breaks: words and a way on instead of an empty page. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main>
        <Message {...messages.broken}>
          <button type="button" className="button" onClick={() => location.reload()}>
            {messages.broken.retry}
          </button>
        </Message>
      </main>
    );
  }
}
