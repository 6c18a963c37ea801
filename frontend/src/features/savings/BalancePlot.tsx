/** Steps of a balance over time (uPlot); the text beside it says the same. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatRoundMoney, formatShortDate } from "../../lib/format";
import styles from "./BalancePlot.module.css";

interface BalancePlotProps {
  readonly points: readonly {
    readonly date: string;
    readonly balance: { readonly amount: string; readonly currency: string };
  }[];
  /** What the picture shows, for those who do not see it. */
  readonly summary: string;
}

export function BalancePlot({ points, summary }: BalancePlotProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = drawPlot(element, points);
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    const recolour = new MutationObserver(() => plot.redraw());
    resize.observe(element);
    recolour.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      resize.disconnect();
      recolour.disconnect();
      plot.destroy();
    };
  }, [points]);
  return <div ref={box} class={styles.plot} role="img" aria-label={summary} />;
}

function drawPlot(element: HTMLElement, points: BalancePlotProps["points"]): uPlot {
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const currency = points[0]?.balance.currency ?? "EUR";
  // A canvas knows no custom properties: the box carries the tokens in properties it does not use.
  const style = getComputedStyle(element);
  const axis = (size: number, label: (value: number) => string): uPlot.Axis => ({
    size,
    stroke: () => style.color,
    font: `${style.fontSize} ${style.fontFamily}`,
    grid: { stroke: () => style.outlineColor, width: 1 },
    ticks: { show: false },
    values: (_plot, values) => values.map(label),
  });
  return new uPlot(
    {
      width: element.clientWidth,
      height: element.clientHeight,
      legend: { show: false },
      cursor: { show: false },
      axes: [
        {
          ...axis(32, (value) => formatShortDate(new Date(value * 1000).toISOString())),
          space: 96,
        },
        axis(80, (value) => formatRoundMoney(value, currency)),
      ],
      series: [
        {},
        {
          stroke: () => style.textDecorationColor,
          fill: () => style.columnRuleColor,
          width: 2,
          ...(stepped && { paths: stepped }),
          points: { show: false },
        },
      ],
    },
    [
      points.map((point) => Date.parse(`${point.date}T00:00:00Z`) / 1000),
      points.map((point) => Number(point.balance.amount)),
    ],
    element,
  );
}
