//! Mounts the app.

fn main() {
    flowglass::ui::run();
}
