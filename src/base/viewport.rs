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
    pub gap: Gap,
}

/// Space below one row, which is open: `height` pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub after: usize,
    pub height: f64,
}

impl Gap {
    pub const NONE: Self = Self { after: 0, height: 0.0 };
}

impl Rows {
    /// The height of the space to scroll through.
    pub fn space(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// The rows to draw, where `scroll` is the position of the scroll bar and `room` the height of the viewport.
    pub fn shown(self, scroll: f64, room: f64) -> Range<usize> {
        let top = self.top(scroll, room);
        let first = self.at(top);
        let last = (self.closed(top + room) / self.row()).ceil() as usize;
        first.saturating_sub(BEYOND)..last.saturating_add(BEYOND).min(self.total)
    }

    /// Where in the space the row `first` stands.
    pub fn offset(self, first: usize, scroll: f64, room: f64) -> f64 {
        self.begin(first) - self.top(scroll, room) + scroll.clamp(0.0, self.slack(room))
    }

    /// The position of the scroll bar that shows a row wholly; `None` where it is to be seen already.
    pub fn reveal(self, index: usize, scroll: f64, room: f64) -> Option<f64> {
        let top = self.top(scroll, room);
        let begin = self.begin(index);
        let end = begin + self.row();
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

    /// The pixel of the whole list at which a row begins.
    pub fn begin(self, index: usize) -> f64 {
        let gap = if index > self.gap.after { self.gap.height } else { 0.0 };
        index as f64 * self.row() + gap
    }

    /// The row at a pixel of the whole list.
    pub fn at(self, pixel: f64) -> usize {
        (self.closed(pixel) / self.row()) as usize
    }

    /// Where a pixel of the whole list would be without the gap.
    fn closed(self, pixel: f64) -> f64 {
        let edge = (self.gap.after as f64 + 1.0) * self.row();
        if pixel > edge { (pixel - self.gap.height).max(edge) } else { pixel }
    }

    fn whole(self) -> f64 {
        self.begin(self.total)
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
    pub fn top(self, scroll: f64, room: f64) -> f64 {
        let (slack, hidden) = (self.slack(room), self.hidden(room));
        scroll.clamp(0.0, slack) * hidden / slack.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Rows = Rows { total: 1000, height: 20.0, gap: Gap::NONE };
    const LONG: Rows = Rows { total: 1_000_000, height: 22.0, gap: Gap::NONE };

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

    #[test]
    fn a_row_that_is_open_moves_those_below_it() {
        let open = Rows { gap: Gap { after: 100, height: 500.0 }, ..SHORT };
        assert_eq!(open.space(), 20_500.0);
        assert_eq!((open.begin(100), open.begin(101)), (2_000.0, 2_520.0));
        // Within the gap the open row is drawn, though it begins above the viewport.
        assert_eq!(open.shown(2_200.0, 100.0), 93..109);
        assert!(open.shown(2_400.0, 200.0).contains(&104));
        assert_eq!(open.reveal(102, 2_000.0, 100.0), Some(2_460.0));
        let shown = open.shown(20_400.0, 100.0);
        assert_eq!(shown.end, 1000);
        assert_eq!(open.offset(shown.start, 20_400.0, 100.0) + shown.len() as f64 * 20.0, 20_500.0);
    }
}
