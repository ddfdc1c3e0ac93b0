/** Charts: each has a title, a unit, « Voir le tableau » and a file; series differ by dash or texture too. */
export { BarChart } from "./chart/bars";
export type { Series } from "./chart/frame";
export { Heatmap } from "./chart/heatmap";
export { LineChart, type LineSeries } from "./chart/lines";
