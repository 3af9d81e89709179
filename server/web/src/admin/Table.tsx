import type { ReactNode } from "react";
import { number } from "../messages";
import { words } from "../messages/admin";
import { Problem } from "../signin/Problem";
import type { Pages } from "./usePages";

export interface Column<T> {
  name: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand under each other. */
  numeric?: boolean;
  /** Short things such as moments stay in one line. */
  whole?: boolean;
}

interface TableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

export function Table<T>({ caption, columns, rows, keyOf }: TableProps<T>) {
  if (rows.length === 0) return <p className="admin-none">{words.none}</p>;
  return (
    // Wide ones are scrolled by themselves, with the keyboard too.
    <div className="admin-table" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption className="offscreen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-numeric={column.numeric}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.name} data-numeric={column.numeric} data-whole={column.whole}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ListProps<T> extends Omit<TableProps<T>, "rows"> {
  pages: Pages<T>;
}

/** A table of a list in pages, with what could not be had of it. */
export function ListTable<T>({ pages, ...table }: ListProps<T>) {
  const { data, problem, asking, turn } = pages;
  const at = data?.pagination;
  return (
    <section aria-busy={asking}>
      <Problem text={problem} />
      {data === null && problem === null && <p className="admin-none">{words.loading}</p>}
      {data && <Table {...table} rows={data.data} />}
      {at && at.totalElements > 0 && (
        <nav className="admin-pager" aria-label={table.caption}>
          <span role="status">
            {words.pages(
              number(at.page * at.size + 1),
              number(Math.min((at.page + 1) * at.size, at.totalElements)),
              number(at.totalElements),
            )}
          </span>
          {at.totalPages > 1 && (
            <>
              <button
                type="button"
                className="button"
                disabled={at.page === 0}
                onClick={() => turn(at.page - 1)}
              >
                {words.previous}
              </button>
              <button
                type="button"
                className="button"
                disabled={at.page + 1 >= at.totalPages}
                onClick={() => turn(at.page + 1)}
              >
                {words.next}
              </button>
            </>
          )}
        </nav>
      )}
    </section>
  );
}
