//! Which rows of a long list are near the viewport, where all rows have one height.
//!
//! Browsers draw nothing that is much higher than 17 million pixels. A longer list gets that much space, and its
//! scroll bar moves through it faster.

use std::ops::Range;

/// The most pixels that a list takes.
const TALLEST: f64 = 15_000_000.0;
/// Rows beyond both edges, so that scrolling shows no gap, and something is there before anything was measured.
const BEYOND: usize = 8;

/// A list: how many rows, and the height of one in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rows {
    pub total: usize,
    pub height: f64,
}

impl Rows {
    /// The height of the space to scroll through.
    pub fn space(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// The rows to draw, where `scroll` is the position of the scroll bar and `room` the height of the viewport.
    pub fn shown(self, scroll: f64, room: f64) -> Range<usize> {
        let top = self.top(scroll, room);
        let first = (top / self.row()) as usize;
        let last = ((top + room) / self.row()).ceil() as usize;
        first.saturating_sub(BEYOND)..last.saturating_add(BEYOND).min(self.total)
    }

    /// Where in the space the row `first` stands.
    pub fn offset(self, first: usize, scroll: f64, room: f64) -> f64 {
        first as f64 * self.row() - self.top(scroll, room) + scroll.clamp(0.0, self.slack(room))
    }

    /// The position of the scroll bar that shows a row wholly; `None` where it is to be seen already.
    pub fn reveal(self, index: usize, scroll: f64, room: f64) -> Option<f64> {
        let top = self.top(scroll, room);
        let (begin, end) = (index as f64 * self.row(), (index as f64 + 1.0) * self.row());
        let top = match () {
            () if begin < top => begin,
            () if end > top + room => end - room,
            () => return None,
        };
        Some(top * self.slack(room) / self.hidden(room).max(1.0))
    }

    /// How many whole rows the viewport has, at least one.
    pub fn page(self, room: f64) -> usize {
        ((room / self.row()) as usize).max(1)
    }

    fn row(self) -> f64 {
        self.height.max(1.0)
    }

    fn whole(self) -> f64 {
        self.total as f64 * self.row()
    }

    /// Pixels that the scroll bar moves over.
    fn slack(self, room: f64) -> f64 {
        (self.space() - room).max(0.0)
    }

    /// Pixels of the list that do not fit the viewport.
    fn hidden(self, room: f64) -> f64 {
        (self.whole() - room).max(0.0)
    }

    /// The pixel of the whole list at the upper edge of the viewport.
    fn top(self, scroll: f64, room: f64) -> f64 {
        let (slack, hidden) = (self.slack(room), self.hidden(room));
        scroll.clamp(0.0, slack) * hidden / slack.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Rows = Rows { total: 1000, height: 20.0 };
    const LONG: Rows = Rows { total: 1_000_000, height: 22.0 };

    #[test]
    fn only_rows_near_the_viewport_are_drawn() {
        assert_eq!(SHORT.shown(0.0, 100.0), 0..13);
        assert_eq!(SHORT.shown(10_000.0, 100.0), 492..513);
        assert_eq!(SHORT.offset(492, 10_000.0, 100.0), 9840.0);
        assert_eq!(SHORT.shown(19_900.0, 100.0), 987..1000);
    }

    #[test]
    fn some_rows_are_there_before_anything_was_measured() {
        assert_eq!(SHORT.shown(0.0, 0.0), 0..8);
        assert_eq!(Rows { total: 3, ..SHORT }.shown(0.0, 0.0), 0..3);
        assert_eq!(Rows { total: 0, ..SHORT }.shown(0.0, 100.0), 0..0);
    }

    #[test]
    fn a_list_that_became_shorter_shows_its_end() {
        assert_eq!(Rows { total: 10, ..SHORT }.shown(10_000.0, 100.0), 0..10);
    }

    #[test]
    fn a_million_rows_can_be_reached_to_the_last() {
        assert_eq!(LONG.space(), TALLEST);
        let (scroll, room) = (TALLEST - 600.0, 600.0);
        let shown = LONG.shown(scroll, room);
        assert_eq!(shown.end, 1_000_000);
        let drawn = shown.len() as f64 * 22.0;
        assert!((LONG.offset(shown.start, scroll, room) + drawn - TALLEST).abs() < 0.01);
    }

    #[test]
    fn revealing_scrolls_no_more_than_needed() {
        assert_eq!(SHORT.reveal(3, 0.0, 100.0), None);
        assert_eq!(SHORT.reveal(5, 0.0, 100.0), Some(20.0));
        assert_eq!(SHORT.reveal(2, 10_000.0, 100.0), Some(40.0));
    }

    #[test]
    fn a_revealed_row_of_a_very_long_list_is_in_the_viewport() {
        for index in [0, 1, 12_345, 500_000, 999_999] {
            let scroll = LONG.reveal(index, 7_000_000.0, 600.0).unwrap_or(7_000_000.0);
            assert!(LONG.shown(scroll, 600.0).contains(&index), "{index}");
        }
    }
}
