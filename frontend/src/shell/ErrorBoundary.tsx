/** Catches what a page throws, so that header and navigation stay. */
import { Component, type ComponentChildren, type JSX } from "preact";
import { m } from "../paraglide/messages.js";
import { Button } from "../ui/Button";
import { Page } from "../ui/Page";

interface ErrorBoundaryProps {
  readonly children: ComponentChildren;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static override getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    console.error(error);
  }

  override render(): JSX.Element {
    if (!this.state.hasFailed) return <>{this.props.children}</>;
    return (
      <Page title={m.common_broken_title()} lead={m.common_broken_text()}>
        <p>
          <Button onClick={() => location.reload()}>{m.common_reload()}</Button>
        </p>
      </Page>
    );
  }
}
