//! The dock: whether it is open, where it lies, how much room it takes, and what it shows. No secret is in it.

use std::fmt;

/// From this width of the window on there is room for it, in CSS pixels.
pub const FROM: f64 = 1_400.0;
/// From this width on it lies beside the page until the user moves it. A page that needs the whole height, or 1,000 CSS
/// pixels and more of the width, has a dock from here on.
pub const BESIDE_FROM: f64 = 1_800.0;

/// Where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Beside,
    Below,
}

impl Side {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Beside => "beside",
            Self::Below => "below",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Beside => Self::Below,
            Self::Below => Self::Beside,
        }
    }
}

/// What it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Wire,
    Logs,
}

impl Tab {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Logs => "logs",
        }
    }
}

/// As the user left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dock {
    pub open: bool,
    /// `None` until the user moves it.
    side: Option<Side>,
    pub tab: Tab,
    /// Beside the page, in CSS pixels.
    width: u32,
    /// Below it.
    height: u32,
}

impl Default for Dock {
    fn default() -> Self {
        Self { open: true, side: None, tab: Tab::Wire, width: 440, height: 260 }
    }
}

impl Dock {
    /// How much room it may take, in CSS pixels, beside and below.
    pub const fn limits(side: Side) -> (u32, u32) {
        match side {
            Side::Beside => (320, 900),
            Side::Below => (140, 600),
        }
    }

    /// Where it lies in a window of that width.
    pub fn side(&self, window: f64) -> Side {
        let usual = if window >= BESIDE_FROM { Side::Beside } else { Side::Below };
        self.side.unwrap_or(usual)
    }

    pub const fn size(&self, side: Side) -> u32 {
        match side {
            Side::Beside => self.width,
            Side::Below => self.height,
        }
    }

    pub const fn moved(&mut self, side: Side) {
        self.side = Some(side);
    }

    /// Gives it that much room, within its limits.
    pub fn resized(&mut self, side: Side, size: u32) {
        let (least, most) = Self::limits(side);
        let size = size.clamp(least, most);
        match side {
            Side::Beside => self.width = size,
            Side::Below => self.height = size,
        }
    }

    /// Reads what [`Dock::fmt`] wrote; what cannot be read is as usual.
    pub fn read(text: &str) -> Self {
        let mut this = Self::default();
        for word in text.split_whitespace() {
            match word.split_once('=') {
                Some(("open", it)) => this.open = it != "no",
                Some(("side", "beside")) => this.side = Some(Side::Beside),
                Some(("side", "below")) => this.side = Some(Side::Below),
                Some(("tab", "logs")) => this.tab = Tab::Logs,
                Some(("width", it)) => this.read_size(Side::Beside, it),
                Some(("height", it)) => this.read_size(Side::Below, it),
                _ => {}
            }
        }
        this
    }

    fn read_size(&mut self, side: Side, text: &str) {
        if let Ok(size) = text.parse() {
            self.resized(side, size);
        }
    }
}

impl fmt::Display for Dock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { open, side, tab, width, height } = self;
        let (open, tab) = (if *open { "yes" } else { "no" }, tab.name());
        write!(f, "open={open} tab={tab} width={width} height={height}")?;
        side.map_or(Ok(()), |it| write!(f, " side={}", it.name()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut dock = Dock::default();
        assert_eq!(Dock::read(&dock.to_string()), dock);
        (dock.open, dock.tab) = (false, Tab::Logs);
        dock.moved(Side::Beside);
        dock.resized(Side::Beside, 500);
        dock.resized(Side::Below, 300);
        assert_eq!(Dock::read(&dock.to_string()), dock);
    }

    #[test]
    fn what_cannot_be_read_is_as_usual_and_no_size_is_out_of_bounds() {
        assert_eq!(Dock::read("side=left width=x height= tab=9 open"), Dock::default());
        let dock = Dock::read("width=99999 height=1");
        assert_eq!((dock.size(Side::Beside), dock.size(Side::Below)), (900, 140));
    }

    #[test]
    fn it_lies_where_there_is_room_until_it_is_moved() {
        let mut dock = Dock::default();
        assert_eq!((dock.side(1_500.0), dock.side(1_900.0)), (Side::Below, Side::Beside));
        dock.moved(Side::Below);
        assert_eq!(dock.side(1_900.0), Side::Below);
    }
}
