//! A host that lists its servers: any other is refused before anything is sent, and after a reload too.

mod world;

use flowglass::inspector::{Input, Phase};
use flowglass::settings::Settings;
use flowglass::trace::problem::{Cause, Code, Owner};
use std::cell::Cell;
use world::{World, good, settings};

/// A world that counts what is sent, and whose host lists these servers.
fn listed<'a>(sent: &'a Cell<usize>, urls: &[&str]) -> World<'a> {
    let mut world = World::new(move |request| {
        sent.set(sent.get() + 1);
        good(request)
    });
    world.input(Input::OnlyListed(urls.iter().map(|it| (*it).to_owned()).collect()));
    world
}

fn server() -> Settings {
    settings(|_| ())
}

fn codes(world: &World<'_>) -> Vec<(Code, Owner)> {
    world.inspector.problems().iter().map(|it| (it.code, it.owner)).collect()
}

#[test]
fn a_server_that_is_not_listed_is_refused_before_anything_is_sent() {
    let sent = Cell::new(0);
    let mut world = listed(&sent, &["https://other.example/mcp"]);
    for input in [Input::Connect(Box::new(server())), Input::Check(Box::new(server()))] {
        world.input(input);
        assert_eq!((world.inspector.phase(), sent.get()), (Phase::Refused, 0));
        assert_eq!(codes(&world), [(Code::ServerNotListed, Owner::Host)]);
    }
    let cause = world.inspector.problems().first().map(|it| it.cause.clone());
    assert_eq!(cause, Some(Cause::NotListed { server: server().server.href(), listed: 1 }));
    world.reload();
    assert_eq!(codes(&world), [(Code::ServerNotListed, Owner::Host)]);
}

#[test]
fn a_listed_server_is_connected_to_and_so_is_the_demo() {
    let sent = Cell::new(0);
    let href = server().server.href();
    let mut world = listed(&sent, &[&href]);
    world.connect(server());
    assert!(sent.get() > 0);
    assert_ne!(world.inspector.phase(), Phase::Refused);
    let mut world = listed(&sent, &[]);
    let demo = settings(|it| it.server = flowglass::base::simulated::SERVER.to_owned());
    world.input(Input::Demo(Box::new(demo)));
    assert_ne!(world.inspector.phase(), Phase::Refused);
    world.input(Input::ForgetEverything);
    world.connect(server());
    assert_eq!(world.inspector.phase(), Phase::Refused, "what the host sets is not forgotten with the tab");
}
