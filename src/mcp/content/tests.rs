use super::reader::BLOCKS;
use super::*;
use crate::mcp::model::ItemKind;
use serde_json::json;

fn blocks(kind: ItemKind, result: &str) -> Vec<Block> {
    Content::read(kind, result).groups.into_iter().flat_map(|it| it.blocks).collect()
}

#[test]
fn one_bad_block_does_not_hide_the_others() {
    let result = r#"{"content":[{"type":"text","text":"a\nb"},{"type":"text"},7,{"type":"new","x":[1]},{"type":"text","text":"c"}]}"#;
    let read = blocks(ItemKind::Tools, result).into_iter().map(|it| match it {
        Block { shape: Shape::Text, body: Body::Text(it), .. } => it.head,
        Block { shape: Shape::Unknown, body: Body::Text(it), .. } => format!("raw {}", it.head),
        other => format!("{other:?}"),
    });
    let read: Vec<_> = read.collect();
    assert_eq!(read, ["a\nb", r#"raw {"type":"text"}"#, "raw 7", r#"raw {"type":"new","x":[1]}"#, "c"]);
}

#[test]
fn a_link_of_a_public_server_leads_to_no_private_network() {
    let target = |uri: &str, server: &str| {
        let opened = opened(uri, Address::typed(server).ok().as_ref())?;
        Some(opened.map(|it| it.href).map_err(|why| why.to_string()))
    };
    let (public, own) = ("https://mcp.example.com/mcp", "http://127.0.0.1:3000/mcp");
    for uri in ["http://localhost:8080/reset", "https://192.168.0.1/", "https://[::1]/", "http://10.0.0.1/x"] {
        let why = target(uri, public).expect("an address").expect_err(uri);
        assert!(why.contains("on loopback or in a private network, but the server is not"), "{why}");
    }
    assert_eq!(target("http://localhost:8080/reset", own), Some(Ok("http://localhost:8080/reset".to_owned())));
    assert_eq!(target("https://docs.example.com/a", public), Some(Ok("https://docs.example.com/a".to_owned())));
    for uri in ["demo://resource/1", "javascript:alert(1)", "file:///etc/passwd", "https://user@docs.example.com/"] {
        assert_eq!(target(uri, public), None, "{uri}");
    }
}

#[test]
fn what_is_no_result_has_no_blocks() {
    for result in ["", "3", "[]", "null", "{}", r#"{"content":null}"#] {
        let read = Content::read(ItemKind::Tools, result);
        assert_eq!(read.structured, None);
        assert!(read.groups.iter().all(|it| it.blocks.len() <= 1), "{result}");
    }
}

#[test]
fn a_long_text_is_cut_between_characters_and_can_be_had_whole() {
    let long = "é\\n".repeat(10_000);
    let result = format!(r#"{{"content":[{{"type":"text","text":"{long}"}}]}}"#);
    let read = blocks(ItemKind::Tools, &result);
    let [Block { body: Body::Text(excerpt), .. }] = read.as_slice() else { panic!("{}", read.len()) };
    assert!(!excerpt.is_whole() && excerpt.head.starts_with("é\n") && excerpt.head.len() <= HEAD);
    assert_eq!(&*excerpt.all(&result), "é\n".repeat(10_000));
}

#[test]
fn images_are_shown_only_as_safe_types_and_real_base64() {
    let image = |mime: &str, data: &str| {
        let result = format!(r#"{{"content":[{{"type":"image","mimeType":"{mime}","data":"{data}"}}]}}"#);
        match blocks(ItemKind::Tools, &result).pop() {
            Some(Block { body: Body::Media(media), .. }) => media.url,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(image("image/png", "QUJD").as_deref(), Some("data:image/png;base64,QUJD"));
    assert_eq!(image("image/png", r"QUJ\/").as_deref(), Some("data:image/png;base64,QUJ/"));
    assert_eq!(image("text/html", "QUJD"), None);
    assert_eq!(image("image/png", "<svg>"), None);
}

#[test]
fn resources_are_read_with_text_or_blob() {
    let result = r#"{"contents":[{"uri":"a:1","mimeType":"text/plain","text":"x"},{"uri":"a:2","mimeType":"image/png","blob":"QUJD"},{"uri":"a:3","blob":"QUJD"},{"uri":"a:4"}]}"#;
    let read = blocks(ItemKind::Resources, result);
    let uris: Vec<_> = read.iter().filter_map(|it| it.resource.as_ref()).map(|it| it.uri.as_str()).collect();
    assert_eq!(uris, ["a:1", "a:2", "a:3", "a:4"]);
    assert!(matches!(&read[0].body, Body::Text(text) if text.head == "x"));
    assert!(matches!(&read[1].body, Body::Media(Media { url: Some(_), size: 3, .. })));
    assert!(matches!(&read[2].body, Body::Media(Media { url: None, size: 3, .. })));
    assert_eq!(read[3].body, Body::Nothing);
    let shapes: Vec<_> = read.iter().map(|it| it.shape.name()).collect();
    assert_eq!(shapes, ["text", "image", "resource", "resource"]);
}

#[test]
fn a_resource_that_was_read_is_told_by_its_type_and_an_embedded_one_is_a_resource() {
    let page = json!({ "uri": "a:1", "mimeType": "text/html; charset=utf-8", "text": "<p>" });
    let pdf = json!({ "uri": "a:2", "mimeType": "Application/PDF", "blob": "JVBERi0=" });
    let data = json!({ "uri": "a:3", "mimeType": "text/html", "blob": "QUJD" });
    let shapes =
        |kind: ItemKind, result: &str| -> Vec<_> { blocks(kind, result).iter().map(|it| it.shape.name()).collect() };
    let read = json!({ "contents": [page, pdf, data] }).to_string();
    assert_eq!(shapes(ItemKind::Resources, &read), ["html", "pdf", "resource"]);
    let block = |it: &serde_json::Value| json!({ "type": "resource", "resource": it });
    let embedded = json!({ "content": [block(&page), block(&pdf), block(&data)] }).to_string();
    assert_eq!(shapes(ItemKind::Tools, &embedded), ["resource", "resource", "resource"]);
    let drawn: Vec<_> = blocks(ItemKind::Tools, &embedded).iter().map(|it| it.drawn().name()).collect();
    assert_eq!(drawn, ["html", "pdf", "resource"]);
    assert_eq!(blocks(ItemKind::Tools, &embedded)[1].pdf(&embedded), Some(b"%PDF-".to_vec()));
}

#[test]
fn every_kind_of_block_is_told() {
    let resource = |mime: &str, text: &str| json!({ "type": "resource", "resource": { "uri": "a:b", "mimeType": mime, "text": text } });
    let content = json!([
        { "type": "text", "text": "hello" },
        { "type": "text", "text": "{\"a\":1}" },
        { "type": "text", "text": "x", "annotations": { "mimeType": "text/markdown" } },
        resource("text/markdown", "x"),
        resource("text/csv", "a,b"),
        resource("application/json", "[1]"),
        resource("text/plain", "x"),
        resource("image/svg+xml", "<svg/>"),
        { "type": "image", "mimeType": "image/svg+xml", "data": "QUJD" },
        { "type": "audio", "mimeType": "audio/wav", "data": "QUJD" },
        { "type": "resource_link", "uri": "x:y", "name": "n" },
        { "type": "video" }
    ]);
    let result = json!({ "content": content, "structuredContent": { "a": 1 } }).to_string();
    let read = Content::read(ItemKind::Tools, &result);
    let shapes: Vec<_> = read.groups[0].blocks.iter().map(|it| it.shape.name()).collect();
    let expected = [
        "text",
        "json",
        "markdown",
        "markdown",
        "csv",
        "json",
        "resource",
        "svg",
        "svg",
        "audio",
        "resource-link",
        "unknown",
    ];
    assert_eq!(shapes, expected);
    assert_eq!(read.structured.map(|it| it.shape), Some(Shape::Structured));
}

#[test]
fn annotations_of_a_block_are_read_as_far_as_they_can_be() {
    let annotations = json!({ "audience": ["user", "assistant"], "priority": 0.5, "lastModified": 7, "x": "y" });
    let resource = json!({ "uri": "a:b", "text": "x", "annotations": { "priority": 1 } });
    let content = json!([
        { "type": "text", "text": "a", "annotations": annotations },
        { "type": "resource", "resource": resource, "annotations": { "lastModified": "2026-01-12T15:00:58Z" } },
        { "type": "text", "text": "b", "annotations": [1] },
        { "type": "resource_link", "uri": "x:y", "annotations": { "audience": "a".repeat(1_000), "priority": {} } },
    ]);
    let noted = |kind, result: serde_json::Value| -> Vec<Vec<String>> {
        let all = |it: Block| it.annotations.iter().map(|it| format!("{} {}", it.name, it.value)).collect();
        blocks(kind, &result.to_string()).into_iter().map(all).collect()
    };
    let read = noted(ItemKind::Tools, json!({ "content": content }));
    assert_eq!(read[0], ["audience user, assistant", "priority 0.5", "lastModified 7"]);
    assert_eq!(read[1], ["lastModified 2026-01-12T15:00:58Z"]);
    assert_eq!((read[2].len(), read[3].len(), read[3][0].len()), (0, 1, "audience ".len() + 300));
    let message =
        json!({ "role": "user", "content": { "type": "text", "text": "a", "annotations": { "priority": 0 } } });
    assert_eq!(noted(ItemKind::Prompts, json!({ "messages": [message] })), [["priority 0"]]);
}

#[test]
fn json_that_the_structured_content_says_as_well_is_known() {
    let repeats = |text: &str, structured: &str| {
        let result =
            format!(r#"{{"content":[{{"type":"text","text":{}}}],"structuredContent":{structured}}}"#, json!(text));
        blocks(ItemKind::Tools, &result)[0].repeats
    };
    assert!(repeats("{\n  \"a\": [1]\n}", r#"{"a":[1]}"#));
    // A list is wrapped by some servers.
    assert!(repeats("[1, 2]", r#"{"result":[1,2]}"#));
    assert!(!repeats("{\"a\":[2]}", r#"{"a":[1]}"#));
    assert!(!repeats("a", r#"{"result":"a"}"#));
}

#[test]
fn a_prompt_has_messages_with_one_block_or_several() {
    let result = r#"{"messages":[{"role":"user","content":{"type":"text","text":"a"}},{"role":"assistant","content":[{"type":"text","text":"b"},{"type":"resource_link","uri":"x:y","name":"n"}]}]}"#;
    let read = Content::read(ItemKind::Prompts, result);
    let roles: Vec<_> = read.groups.iter().map(|it| (it.role.as_deref(), it.blocks.len())).collect();
    assert_eq!(roles, [(Some("user"), 1), (Some("assistant"), 2)]);
}

#[test]
fn structured_content_is_a_span_of_the_result() {
    let result = r#"{"content":[],"structuredContent": {"a" : 1}}"#;
    let structured = Content::read(ItemKind::Tools, result).structured.expect("there");
    assert_eq!(&*structured.source(result), r#"{"a" : 1}"#);
}

#[test]
fn very_many_blocks_are_counted_and_not_shown() {
    let result = format!(r#"{{"content":[{}1]}}"#, "1,".repeat(999));
    let read = Content::read(ItemKind::Tools, &result);
    assert_eq!((read.groups[0].blocks.len(), read.left_out), (BLOCKS, 1000 - BLOCKS));
}

#[test]
fn an_error_is_an_object_again() {
    let error = RpcError { code: -3, message: "a\"b".to_owned(), data: Some("[ 1.0 ]".into()) };
    assert_eq!(&*error_text(&error), r#"{"code":-3,"message":"a\"b","data":[ 1.0 ]}"#);
    assert_eq!(&*error_text(&RpcError { data: None, ..error }), r#"{"code":-3,"message":"a\"b"}"#);
}
