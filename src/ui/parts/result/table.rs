//! CSV of a server as a table, of which the rows near the viewport exist. Its columns keep their widths.

use crate::base::format;
use crate::mcp::content::table::Table;
use crate::ui::parts::slices::in_slices;
use crate::ui::parts::sought::sought;
use crate::ui::parts::virtual_list::{Scroller, ShownRows, offset, total};
use crate::ui::prelude::*;
use crate::web::clock;
use std::sync::Arc;

/// As `.csv-row` in `result.css`.
const ROW: u32 = 28;
/// How much of the text is looked at before the time is asked for, in bytes.
const STEP: usize = 64 << 10;
/// A longer cell is read as a whole when the pointer rests on it, in bytes.
const LONG: usize = 30;

#[component]
pub fn TableView(text: Arc<str>) -> impl IntoView {
    let mut table = Table::new(text);
    // The first rows say how wide the columns are.
    table.step(STEP);
    let columns = table.widths().iter().map(|it| format!("{}ch", it + 3)).collect::<Vec<_>>().join(" ");
    let names =
        table.names.iter().map(|it| view! { <span role="columnheader">{sought(it.clone())}</span> }).collect_view();
    let more = table.more_columns;
    let (rows, reading) = (RwSignal::new(table.rows()), RwSignal::new(false));
    let table = StoredValue::new(table);
    in_slices(reading, move |until| slice(table, rows, until));
    let scroller = Scroller::new(rows.into(), Signal::stored(ROW));
    let row = Callback::new(move |index| view! { <CsvRow table index/> }.into_any());
    view! {
        <div
            class="cells virtual" tabindex="0" role="region" aria-label="Table" node_ref=scroller.node
            on:scroll=move |_| scroller.measure()
        >
            <div class="csv" role="table" aria-label="CSV" aria-rowcount=move || rows.get() + 1 style:--columns=columns>
                <div role="rowgroup" class="csv-head"><div class="csv-row" role="row" aria-rowindex="1">{names}</div></div>
                <div
                    class="rows" role="rowgroup" style:--total=move || total(scroller)
                    style:--offset=move || offset(scroller)
                >
                    <ShownRows scroller row/>
                </div>
            </div>
        </div>
        <p class="muted small">{move || counted(rows.get(), reading.get())}</p>
        {(more > 0).then(|| view! {
            <p class="muted small">{format!("{} more in the source.", format::counted(more, "column", "columns"))}</p>
        })}
    }
}

/// Finds more rows; says whether there are more, and nothing where the table is gone.
fn slice(table: StoredValue<Table>, rows: RwSignal<usize>, until: f64) -> Option<bool> {
    let (found, more) = table.try_update_value(|it| {
        let mut more = true;
        while more && clock::now() < until {
            more = it.step(STEP);
        }
        (it.rows(), more)
    })?;
    rows.try_set(found);
    Some(more)
}

fn counted(rows: usize, reading: bool) -> String {
    let words = format::counted(rows, "row", "rows");
    if reading { format!("Reading: {words}") } else { words }
}

#[component]
fn CsvRow(table: StoredValue<Table>, index: usize) -> impl IntoView {
    let cell = |it: String| {
        let whole = (it.len() > LONG).then(|| it.clone());
        view! { <span role="cell" title=whole>{sought(it)}</span> }
    };
    let cells = table.with_value(|it| it.row(index)).into_iter().map(cell).collect_view();
    view! { <div class="csv-row" role="row" aria-rowindex=index + 2>{cells}</div> }
}
