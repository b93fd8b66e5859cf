//! XML held against a description of its elements, see `tests/schemas/junit.json`.
//!
//! Enough for a schema without order and types; the document must be well formed as well.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// What is wrong with `xml`, and how many elements of each name there are.
pub fn validate(schema: &Value, xml: &str) -> (Vec<String>, BTreeMap<String, usize>) {
    let mut reader = Reader::from_str(xml);
    let (mut problems, mut counts) = (Vec::new(), BTreeMap::new());
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let name = element(schema, &start, open.last(), &mut problems);
                *counts.entry(name.clone()).or_default() += 1;
                open.push(name);
            }
            Ok(Event::Empty(start)) => {
                let name = element(schema, &start, open.last(), &mut problems);
                *counts.entry(name).or_default() += 1;
            }
            Ok(Event::End(_)) => drop(open.pop()),
            Ok(Event::Text(text)) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                let parent = open.last().map_or("", String::as_str);
                if !text.trim().is_empty()
                    && schema["elements"][parent]["text"] != Value::Bool(true)
                {
                    problems.push(format!("text in `{parent}`"));
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                problems.push(error.to_string());
                break;
            }
        }
    }
    if !open.is_empty() {
        problems.push(format!("`{}` is not closed", open.join("`, `")));
    }
    (problems, counts)
}

fn element(
    schema: &Value,
    start: &BytesStart<'_>,
    parent: Option<&String>,
    problems: &mut Vec<String>,
) -> String {
    let name = String::from_utf8_lossy(start.name().as_ref()).into_owned();
    let allowed = match parent {
        Some(parent) => schema["elements"][parent]["children"]
            .as_array()
            .is_some_and(|children| children.iter().any(|child| *child == *name)),
        None => schema["root"] == *name,
    };
    if !allowed {
        problems.push(format!("`{name}` in `{}`", parent.map_or("", String::as_str)));
    }
    let attributes = schema["elements"][&name]["attributes"].as_object();
    let mut missing: Vec<&str> = attributes
        .into_iter()
        .flatten()
        .filter(|(_, required)| **required == Value::Bool(true))
        .map(|(attribute, _)| attribute.as_str())
        .collect();
    for attribute in start.attributes() {
        match attribute {
            Ok(attribute) => {
                let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
                if attributes.is_none_or(|attributes| !attributes.contains_key(&key)) {
                    problems.push(format!("attribute `{key}` of `{name}`"));
                }
                missing.retain(|name| *name != key);
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    problems.extend(missing.iter().map(|attribute| format!("`{name}` without `{attribute}`")));
    name
}
