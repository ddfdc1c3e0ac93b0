import { useWords } from "../../words/language";
import { ChartFrame, type Told } from "./frame";
import { step } from "./scale";
import { chartWords } from "./words";

interface Props extends Told {
  readonly labelled: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** One row of values for each row; null: not counted, or too few to be told. */
  readonly values: readonly (readonly (number | null)[])[];
}

const STEPS = 5;

/** Rows by columns; the figure stands in each cell, darkness only helps the eye. It is a table already. */
export function Heatmap({ labelled, rows, columns, values, ...told }: Props) {
  const words = useWords(chartWords);
  const greatest = Math.max(0, ...values.flat().map((value) => value ?? 0));
  const write = told.number ?? String;
  return (
    <ChartFrame
      {...told}
      head={[labelled, ...columns]}
      rows={rows.map((row, at) => [row, ...columns.map((_, column) => values[at]?.[column] ?? null)])}
      empty={values.every((row) => row.every((value) => value === null))}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="chart-heat-frame" aria-label={`${told.title} (${told.unit})`} tabIndex={0}>
        <table className="chart-heat">
          <thead>
            <tr>
              <td />
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {columns.map((column, which) => {
                  const value = values[at]?.[which] ?? null;
                  return (
                    <td key={column} data-step={step(value, greatest, STEPS) ?? "none"}>
                      {value === null ? (
                        <span aria-label={words.unknown} role="img">
                          ·
                        </span>
                      ) : (
                        write(value)
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </ChartFrame>
  );
}
