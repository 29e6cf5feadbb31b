//! CSV of a server as a table.

use crate::base::format;
use crate::mcp::content::table::Table;
use crate::ui::prelude::*;
use std::sync::Arc;

#[component]
pub fn TableView(text: Arc<str>) -> impl IntoView {
    let table = Table::read(&text);
    let more = [(table.more, "row", "rows"), (table.more_columns, "column", "columns")];
    let more = more.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| {
        view! { <p class="muted small">{format!("{} more in the source.", format::counted(count, one, many))}</p> }
    });
    let names = table.names.into_iter().map(|it| view! { <th scope="col">{foreign(it)}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let cells = cells.into_iter().map(|it| view! { <td>{foreign(it)}</td> }).collect_view();
        view! { <tr>{cells}</tr> }
    };
    view! {
        <div class="cells" tabindex="0" role="region" aria-label="Table">
            <table>
                <thead><tr>{names}</tr></thead>
                <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {more.collect_view()}
    }
}
